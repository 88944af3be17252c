using System.Globalization;
using System.Text;

namespace XenActors.Xenstore;

/// <summary>The tree as <c>xenstore-ls -fp /</c> prints it.</summary>
public static class XenstoreLs
{
    public static string Render(IEnumerable<XenstoreNodeView> nodes)
    {
        var text = new StringBuilder();
        foreach (var node in nodes)
        {
            if (node.Path != "/") text.Append(Line(node)).Append('\n');
        }

        return text.ToString();
    }

    public static string Line(XenstoreNodeView node) =>
        $"{node.Path} = \"{Escape(node.Value.Span)}\"   ({string.Join(',', node.Permissions)})";

    /// <summary>xenstore-ls' own escapes: octal below 8, hexadecimal above, quotes left as they are.</summary>
    public static string Escape(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder();
        foreach (var c in value)
        {
            _ = c switch
            {
                (byte)'\t' => text.Append("\\t"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\r' => text.Append("\\r"),
                (byte)'\\' => text.Append("\\\\"),
                >= (byte)' ' and <= (byte)'~' => text.Append((char)c),
                < 8 => text.Append("\\00").Append((char)('0' + c)),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{c:x2}"),
            };
        }

        return text.ToString();
    }
}
