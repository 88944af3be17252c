using System.Buffers;
using System.Text;

namespace XenActors.Experiments.Recordings;

/// <summary>
/// Any bytes as printable ASCII on one line, mostly as they are: NUL is <c>\0</c>, line feed <c>\n</c>, a backslash doubled, and what else does not
/// print <c>\x</c> and two digits. In a field that others follow a space is <c>\x20</c>, and nothing at all is <c>\e</c>.
/// </summary>
internal static class RecordingText
{
    /// <summary>The longest that one byte becomes.</summary>
    public const int Growth = 4;

    private static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Where(c => c != '\\').Select(c => (byte)c)]);
    private static readonly SearchValues<byte> PlainWord = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Where(c => c != '\\').Select(c => (byte)c)]);

    /// <summary>Writes the text of some bytes; returns its length.</summary>
    /// <param name="to">At least <see cref="Growth"/> times as long as the bytes, and two.</param>
    /// <param name="word">Other fields follow.</param>
    public static int Escape(ReadOnlySpan<byte> from, Span<byte> to, bool word)
    {
        var plain = word ? PlainWord : Plain;
        var length = 0;
        if (word && from.IsEmpty)
        {
            "\\e"u8.CopyTo(to);
            return 2;
        }

        while (true)
        {
            var run = from.IndexOfAnyExcept(plain);
            run = run < 0 ? from.Length : run;
            from[..run].CopyTo(to[length..]);
            length += run;
            if (run == from.Length)
            {
                return length;
            }

            length += EscapeOne(from[run], to[length..]);
            from = from[(run + 1)..];
        }
    }

    /// <summary>The bytes of a text; null when it is none, and then where it is wrong.</summary>
    public static byte[]? Unescape(ReadOnlySpan<byte> from, out int wrong)
    {
        wrong = -1;
        if (from.SequenceEqual("\\e"u8))
        {
            return [];
        }

        var to = new byte[from.Length];
        var length = 0;
        for (var i = 0; i < from.Length; length++)
        {
            var used = Take(from[i..], out to[length]);
            if (used == 0)
            {
                wrong = i;
                return null;
            }

            i += used;
        }

        return to.Length == length ? to : to[..length];
    }

    public static string Escape(string text, bool word)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var escaped = new byte[(bytes.Length * Growth) + 2];
        return Encoding.ASCII.GetString(escaped, 0, Escape(bytes, escaped, word));
    }

    private static int EscapeOne(byte value, Span<byte> to)
    {
        to[0] = (byte)'\\';
        switch (value)
        {
            case 0:
                to[1] = (byte)'0';
                return 2;
            case (byte)'\n':
                to[1] = (byte)'n';
                return 2;
            case (byte)'\\':
                to[1] = (byte)'\\';
                return 2;
            default:
                to[1] = (byte)'x';
                to[2] = "0123456789abcdef"u8[value >> 4];
                to[3] = "0123456789abcdef"u8[value & 15];
                return 4;
        }
    }

    // How many characters stand for the next byte; 0 when they stand for none.
    private static int Take(ReadOnlySpan<byte> from, out byte value)
    {
        value = from[0];
        if (value != '\\')
        {
            return value is >= (byte)' ' and <= (byte)'~' ? 1 : 0;
        }

        switch (from.Length > 1 ? from[1] : 0)
        {
            case '0':
                value = 0;
                return 2;
            case 'n':
                value = (byte)'\n';
                return 2;
            case '\\':
                return 2;
            case 'x' when from.Length >= 4 && Convert.FromHexString(from.Slice(2, 2), new Span<byte>(ref value), out _, out _) == OperationStatus.Done:
                return 4;
            default:
                return 0;
        }
    }
}
