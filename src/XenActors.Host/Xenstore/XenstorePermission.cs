using System.Globalization;

namespace XenActors.Xenstore;

/// <summary>What a permission entry grants; the first entry's bits are everyone's default, and its domain owns the node.</summary>
[Flags]
public enum XenstoreAccess : byte
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>What an owner and the tools have; never part of an entry.</summary>
    Owner = 8,
    All = Read | Write | Owner,
}

/// <summary>
/// One entry of a node's permissions. <paramref name="Stale"/> marks one that named an earlier domain of that number: it is still
/// listed, and grants nothing.
/// </summary>
public readonly record struct XenstorePermission(uint Domid, XenstoreAccess Access, bool Stale = false)
{
    /// <summary>The wire's form: a letter of n, r, w, b and the domain's number.</summary>
    public override string ToString() => Letter() + unchecked((int)Domid).ToString(CultureInfo.InvariantCulture); // "%i", as C prints it

    private string Letter() => (Access & (XenstoreAccess.Read | XenstoreAccess.Write)) switch
    {
        XenstoreAccess.None => "n",
        XenstoreAccess.Read => "r",
        XenstoreAccess.Write => "w",
        _ => "b",
    };

    /// <summary>Reads the wire's form; numbers may be decimal, 0x hexadecimal or octal, as C's strtol has them.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out XenstorePermission permission)
    {
        permission = default;
        if (text.Length < 2 || !CNumber.TryParse(text[1..], out var domid)) return false;
        XenstoreAccess? access = text[0] switch
        {
            (byte)'n' => XenstoreAccess.None,
            (byte)'r' => XenstoreAccess.Read,
            (byte)'w' => XenstoreAccess.Write,
            (byte)'b' => XenstoreAccess.Read | XenstoreAccess.Write,
            _ => null,
        };
        if (access is null) return false;
        permission = new XenstorePermission(domid, access.Value);
        return true;
    }
}
