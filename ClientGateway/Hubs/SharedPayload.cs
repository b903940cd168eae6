using System.Text.Json;
using System.Text.Json.Serialization;

namespace Capstan.ClientGateway.Hubs;

/// <summary>A message written as JSON once, however many watchers it goes to.</summary>
[JsonConverter(typeof(Writer))]
internal sealed class SharedPayload(string method, byte[] json)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public string Method => method;

    public int Bytes => json.Length;

    public static SharedPayload Of<T>(string method, T message) => new(method, JsonSerializer.SerializeToUtf8Bytes(message, Options));

    private sealed class Writer : JsonConverter<SharedPayload>
    {
        public override SharedPayload Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("It is only ever sent.");

        public override void Write(Utf8JsonWriter writer, SharedPayload value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json, skipInputValidation: true);
    }

    private ReadOnlySpan<byte> Json => json;
}
