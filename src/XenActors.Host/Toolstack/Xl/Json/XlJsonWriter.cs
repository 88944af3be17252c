using System.Globalization;
using System.Text;

namespace XenActors.Toolstack.Xl;

/// <summary>JSON as yajl beautifies it for xl: four blanks a level, and an empty line in an empty map.</summary>
internal sealed class XlJsonWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _isFirst = true;

    public override string ToString() => _text.Append('\n').ToString();

    public void Map(string? key, Action body) => Nest(key, '{', '}', body);

    public void List(string key, Action body) => Nest(key, '[', ']', body);

    /// <summary>Null is left out, as libxl leaves out what holds its default.</summary>
    public void String(string? key, string? value)
    {
        if (value != null)
        {
            Item(key).Append(Quote(value));
        }
    }

    public void Number(string? key, long? value)
    {
        if (value is { } number)
        {
            Item(key).Append(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void Unsigned(string? key, ulong? value)
    {
        if (value is { } number)
        {
            Item(key).Append(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>libxl_defbool, which is printed as a string.</summary>
    public void DefBool(string key, bool? value) => String(key, value == null ? null : value.Value ? "True" : "False");

    /// <summary>A plain bool, left out when false.</summary>
    public void True(string key, bool value)
    {
        if (value)
        {
            Item(key).Append("true");
        }
    }

    public void Strings(string key, IReadOnlyList<string>? values)
    {
        if (values is { Count: > 0 })
        {
            List(key, () =>
            {
                foreach (var value in values)
                {
                    String(null, value);
                }
            });
        }
    }

    private void Nest(string? key, char open, char close, Action body)
    {
        Item(key).Append(open).Append('\n');
        _depth++;
        _isFirst = true;
        body();
        _depth--;
        _isFirst = false;
        _text.Append('\n').Append(' ', 4 * _depth).Append(close);
    }

    private StringBuilder Item(string? key)
    {
        _text.Append(_isFirst ? "" : ",\n").Append(' ', 4 * _depth);
        _isFirst = false;
        return key == null ? _text : _text.Append(Quote(key)).Append(": ");
    }

    private static string Quote(string value)
    {
        var result = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => result.Append('\\').Append(c),
                '\b' => result.Append("\\b"),
                '\f' => result.Append("\\f"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                < ' ' => result.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => result.Append(c),
            };
        }

        return result.Append('"').ToString();
    }
}
