using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace XenActors.Experiments.Recordings;

/// <summary>A line of a recording, read field by field. Whatever is not as expected is told with its place.</summary>
internal ref struct RecordingLine(string file, long number, ReadOnlySpan<byte> bytes, byte[]? block = null)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _next;
    private int _start;

    // The bytes before the line, until they are taken.
    private byte[]? _block = block;

    /// <summary>Whether another field follows.</summary>
    public readonly bool More => _next < _bytes.Length;

    /// <summary>The next field, up to a space.</summary>
    public ReadOnlySpan<byte> Word(string expected)
    {
        if (_next >= _bytes.Length && _next > 0)
        {
            _start = _bytes.Length;
            throw Wrong(expected);
        }

        _start = _next;
        var rest = _bytes[_next..];
        var length = rest.IndexOf((byte)' ');
        length = length < 0 ? rest.Length : length;
        _next += length + 1;
        return length > 0 ? rest[..length] : throw Wrong(expected);
    }

    /// <summary>Whether the next field is this word; takes it if it is.</summary>
    public bool Is(ReadOnlySpan<byte> word)
    {
        if (_next >= _bytes.Length || !_bytes[_next..].StartsWith(word) || (_next + word.Length < _bytes.Length && _bytes[_next + word.Length] != ' '))
        {
            return false;
        }

        _start = _next;
        _next += word.Length + 1;
        return true;
    }

    public void Expect(ReadOnlySpan<byte> word)
    {
        if (!Word(Encoding.ASCII.GetString(word)).SequenceEqual(word))
        {
            throw Wrong(Encoding.ASCII.GetString(word));
        }
    }

    public long Number(string what, long least, long most)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"{what} from {least} to {most}");
        var word = Word(expected);
        return Utf8Parser.TryParse(word, out long value, out var used) && used == word.Length && value >= least && value <= most ? value : throw Wrong(expected);
    }

    /// <summary>A number without a sign, which may be any.</summary>
    public ulong Unsigned(string what, ulong most)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"{what} from 0 to {most}");
        var word = Word(expected);
        return Utf8Parser.TryParse(word, out ulong value, out var used) && used == word.Length && value <= most ? value : throw Wrong(expected);
    }

    /// <summary>16 hexadecimal digits.</summary>
    public ulong Hash(string what)
    {
        var word = Word(what);
        return Utf8Parser.TryParse(word, out ulong value, out var used, 'x') && used == 16 && word.Length == 16 ? value : throw Wrong($"{what} of 16 hexadecimal digits");
    }

    /// <summary>A field of any text that others may follow.</summary>
    public string Name(string what) => Encoding.UTF8.GetString(Unescaped(Word(what)));

    /// <summary>All that is left: any bytes.</summary>
    public byte[] Bytes(string what)
    {
        if (_next > _bytes.Length)
        {
            _start = _bytes.Length;
            throw Wrong(what);
        }

        _start = _next;
        _next = _bytes.Length + 1;
        return Unescaped(_bytes[_start..]);
    }

    /// <summary>All that is left: so many bytes, as <see cref="RecordingWriter.Bulk"/> writes them.</summary>
    public byte[] Bulk(int length)
    {
        var word = Word("zeros or data");
        if (word.SequenceEqual("zeros"u8))
        {
            return new byte[length];
        }

        if (!word.SequenceEqual("data"u8))
        {
            throw Wrong("zeros or data");
        }

        Number("a length", length, length);
        var bytes = _block;
        _block = null;
        return bytes?.Length == length ? bytes : throw Mistake(string.Create(CultureInfo.InvariantCulture, $"expected a block of {length} bytes before this line"));
    }

    public void End()
    {
        if (_next <= _bytes.Length && _next > 0)
        {
            _start = _next - 1;
            throw Wrong("the end of the line");
        }

        if (_block is not null)
        {
            _start = 0;
            throw Mistake(string.Create(CultureInfo.InvariantCulture, $"the block of {_block.Length} bytes before this line is no part of it"));
        }
    }

    /// <summary>The mistake of a file whose last field read is not what was expected.</summary>
    public readonly UserErrorException Wrong(string expected)
    {
        var found = _start >= _bytes.Length ? "the end of the line" : Quote(_bytes[_start..]);
        return new(string.Create(CultureInfo.InvariantCulture, $"{file}:{number}:{_start + 1}: expected {expected} but found {found}"));
    }

    /// <summary>A mistake at the last field read, in other words.</summary>
    public readonly UserErrorException Mistake(string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file}:{number}:{_start + 1}: {problem}"));

    private byte[] Unescaped(ReadOnlySpan<byte> text)
    {
        if (RecordingText.Unescape(text, out var wrong) is { } bytes)
        {
            return bytes;
        }

        _start += wrong;
        throw Wrong(text[wrong] == '\\' ? @"\0, \n, \\ or \x and two digits" : "printable ASCII");
    }

    private static string Quote(ReadOnlySpan<byte> rest)
    {
        const int Most = 40;
        var length = rest.IndexOf((byte)' ');
        length = Math.Min(length <= 0 ? rest.Length : length, Most);
        return Encoding.Latin1.GetString(rest[..length]);
    }
}
