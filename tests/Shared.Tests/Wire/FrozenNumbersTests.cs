using Capstan.Shared.Messages;
using Google.Protobuf.Reflection;

namespace Capstan.Shared.Tests.Wire;

/// <summary>What two versions of the program must agree on. A number may be added to the file, never changed or used again.</summary>
public sealed class FrozenNumbersTests
{
    [Fact]
    public void Wire_Numbers_AreThoseOfTheFile()
    {
        string[] frozen = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Wire", "frozen-numbers.txt"));
        Assert.Equal(frozen, Current());
    }

    private static List<string> Current()
    {
        List<string> lines = [];
        foreach (FileDescriptor file in (FileDescriptor[])[Protos.SessionReflection.Descriptor, Protos.ContentReflection.Descriptor, Protos.AdminReflection.Descriptor])
        {
            foreach (ServiceDescriptor service in file.Services)
                lines.AddRange(service.Methods.Select(m => $"{service.FullName}/{m.Name} {(m.IsClientStreaming ? "stream " : "")}{m.InputType.Name} {(m.IsServerStreaming ? "stream " : "")}{m.OutputType.Name}"));
            foreach (MessageDescriptor message in file.MessageTypes)
                lines.AddRange(message.Fields.InFieldNumberOrder().Select(field => $"{message.Name} {field.FieldNumber} {field.FieldType} {(field.IsRepeated ? "repeated " : "")}{field.Name}"));
        }
        lines.AddRange(Of<FsErrno>());
        lines.AddRange(Of<CapBits>());
        lines.AddRange(Of<DeltaKind>());
        lines.AddRange(Of<XattrMode>());
        return lines;
    }

    private static IEnumerable<string> Of<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => $"{typeof(T).Name} {Convert.ToInt64(value)} {value}");
}
