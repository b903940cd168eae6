using System.Collections;
using System.Reflection;
using System.Text;

namespace Capstan.Shared.Tests.Wire;

/// <summary>A message with everything in it as text: records compare their collections by reference, so tests compare this.</summary>
internal static class RecordText
{
    public static string Of(object? value)
    {
        StringBuilder text = new();
        Append(text, value);
        return text.ToString();
    }

    public static string[] Of<T>(IEnumerable<T> values) => [.. values.Select(value => Of((object?)value))];

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case byte[] bytes:
                text.Append(Convert.ToHexString(bytes));
                break;
            case FileName name:
                text.Append('\'').Append(Convert.ToHexString(name.Span)).Append('\'');
                break;
            case string or Guid or TimeSpan or Enum:
                text.Append(value);
                break;
            case IEnumerable values:
                text.Append('[');
                foreach (object? item in values)
                {
                    Append(text, item);
                    text.Append(' ');
                }
                text.Append(']');
                break;
            case var primitive when primitive.GetType().IsPrimitive:
                text.Append(primitive);
                break;
            default:
                text.Append(value.GetType().Name).Append('{');
                foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsState))
                {
                    text.Append(property.Name).Append('=');
                    Append(text, property.GetValue(value));
                    text.Append(' ');
                }
                text.Append('}');
                break;
        }
    }

    private static bool IsState(PropertyInfo property) => property.GetSetMethod() is not null;
}
