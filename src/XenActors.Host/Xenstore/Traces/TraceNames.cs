using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>The names of message types in the daemon's trace: <c>GET_PERMS</c> and the like.</summary>
public static class TraceNames
{
    /// <summary>What the daemon writes for a type that it does not know.</summary>
    public const string Unknown = "**UNKNOWN**";

    private static readonly SortedDictionary<string, XsWireType> Types = new(StringComparer.Ordinal);
    private static readonly string?[] Names = new string?[(int)XsWireType.DirectoryPart + 1];

    static TraceNames()
    {
        foreach (var type in Enum.GetValues<XsWireType>())
        {
            if (type > XsWireType.DirectoryPart) continue; // 4.17 knows no later one
            var name = new StringBuilder();
            foreach (var c in type.ToString())
            {
                if (char.IsAsciiLetterUpper(c) && name.Length > 0) name.Append('_');
                name.Append(char.ToUpperInvariant(c));
            }

            Names[(int)type] = name.ToString();
            Types.Add(name.ToString(), type);
        }
    }

    public static string Of(XsWireType? type) => type <= XsWireType.DirectoryPart ? Names[(int)type] ?? Unknown : Unknown;

    public static bool TryParse(string name, out XsWireType? type)
    {
        type = Types.TryGetValue(name, out var known) ? known : null;
        return type is not null || name == Unknown;
    }
}
