using System.Globalization;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Experiments.Workloads.Store;

/// <summary>A request that is malformed, rare, or not for everybody.</summary>
internal readonly record struct OddRequest(XsWireType Type, uint Transaction, string Payload);

/// <summary>What no library sends, and what only tools do: xenstored has an answer to each.</summary>
internal static class OddRequests
{
    /// <summary>Names so long that a directory of three of them does not fit into one answer.</summary>
    private const int LongName = 1400;

    private const int LongNames = 4;

    private const uint NoTransaction = 0x7fffffff;

    // Its type, and its payload in the client's directory.
    private static readonly (XsWireType Type, Func<string, string> Payload)[] Malformed =
    [
        // Not a string; more than one; a path that is none; a name that no node may have.
        (XsWireType.Read, path => path),
        (XsWireType.Read, path => $"{path}\0more\0"),
        (XsWireType.Read, _ => "//\0"),
        (XsWireType.Write, path => $"{path}/a b\0v"),
        (XsWireType.Mkdir, path => $"{path}/\0"),
        (XsWireType.Rm, _ => "/\0"),
        (XsWireType.Watch, path => $"{path}\0"),
        (XsWireType.Unwatch, path => $"{path}\0no-such-token\0"),
        (XsWireType.SetPerms, path => $"{path}\0x0\0"),

        // Another's node, to a domain that is not there; the end of nothing.
        (XsWireType.SetPerms, path => $"{path}\0n77\0"),
        (XsWireType.SetPerms, path => $"{path}\0n0\0r77\0"),
        (XsWireType.SetPerms, path => $"{path}/none\0n0\0"),
        (XsWireType.TransactionEnd, _ => "T\0"),
        (XsWireType.TransactionEnd, _ => "maybe\0"),

        // What only tools ask, of domains that are there or not.
        (XsWireType.IsDomainIntroduced, _ => "1\0"),
        (XsWireType.IsDomainIntroduced, _ => "77\0"),
        (XsWireType.SetTarget, _ => "77\01\0"),
        (XsWireType.SetTarget, _ => "1\01\0"),
        (XsWireType.Introduce, _ => "77\0"),
        (XsWireType.Release, _ => "77\0"),
        (XsWireType.Resume, _ => "77\0"),
        (XsWireType.GetDomainPath, _ => "32752\0"),
        (XsWireType.Control, _ => "print\0odd\0"),
        (XsWireType.Control, _ => "quota\0"),

        // Of other daemons, or of none.
        (XsWireType.GetFeature, _ => "0\0"),
        (XsWireType.SetFeature, _ => "0\00\0"),
        (XsWireType.GetQuota, _ => "nodes\0"),
        (XsWireType.SetQuota, _ => "nodes\01000\0"),
        ((XsWireType)20, path => $"{path}\0"),
        ((XsWireType)99, _ => "\0"),
    ];

    public static OddRequest Draw(ref RandomStream random, string path) => random.Next(30) switch
    {
        0 => new(XsWireType.Read, NoTransaction, $"{path}\0"),
        1 or 2 => new(XsWireType.Directory, 0, $"{path}/long\0"),
        3 => new(XsWireType.DirectoryPart, 0, $"{path}/long\00\0"),
        >= 4 and < 8 => new(XsWireType.Write, 0, string.Create(CultureInfo.InvariantCulture, $"{path}/long/{random.Next(LongNames)}{new string('n', LongName)}\0v")),
        _ => Malformed[(int)random.Next(Malformed.Length)] is var (type, payload) ? new(type, 0, payload(path)) : default,
    };
}
