using FsCheck;
using FsCheck.Fluent;
using XenActors.Abi;

namespace XenActors.Tests.Live.Differential;

/// <summary>Random requests, without who asks; mostly on the paths of one sequence.</summary>
internal sealed class Payloads(string[] paths)
{
    private static Gen<string> Name { get; } = Gen.Elements("a", "a", "a", "b", "b", "c");

    private static Gen<string> Below { get; } = Gen.Frequency(
        (6, Name), (3, Gen.Zip(Name, Name, (a, b) => $"{a}/{b}")), (1, Gen.Zip(Name, Name, (a, b) => $"{a}/{b}/{a}")));

    private static Gen<string> Base { get; } = Gen.Elements(
        "/t", "/t", "/t", "/t", "/t", "/local/domain/1", "/local/domain/1", "/local/domain/1", "/local/domain/2", "/local/domain/2", "/local/domain/3",
        "/local/domain/0", "");

    /// <summary>The paths that a sequence is about.</summary>
    public static Gen<string[]> SomePaths { get; } = Gen.Choose(1, 4).SelectMany(count => Gen.ArrayOf(Gen.Zip(Base, Below, (b, n) => $"{b}/{n}"), count));

    private static Gen<string> OddPath { get; } = Gen.Elements(
        "/t/", "//t", "/t//a", "/t/.a", "/t/a:b", "@x", "@releaseDomain", "", "t/", "/t/a b", "/t/a\u00ff", "/t/@a", "/local/domain",
        "/local", "/tool/xenstored", "/tool", "/local/domain/", "../a", "/t/a\u0001", "/t/-_@9Z", "a//b", "/local/domain/9/a", ":", "@");

    private static Gen<string> LongPath { get; } =
        from form in Gen.Elements("/t/", "/local/domain/1/", "/local/domain/-5/", "/local/domain/123456/", "/local/domain/x/", "", "@", "/t/a/b/c/", "/")
        from first in Gen.Elements("y", "x", "w", "z")
        from length in Gen.Elements(2046, 2047, 2048, 2049)
        from counted in Gen.Elements(true, false)
        select form + first + new string('z', length - 1 - (counted ? form.Length : 0));

    private static Gen<string> AnyPath { get; } = Gen.Frequency(
        (30, Gen.Zip(Base, Below, (b, n) => $"{b}/{n}")), (9, Base.Select(b => b.Length == 0 ? "/" : b)), (6, Below), (2, OddPath), (1, LongPath));

    private Gen<string> Path { get; } = Gen.Frequency(
        (9, Gen.Elements(paths)), (3, Gen.Elements(paths.Select(path => path[..Math.Max(path.LastIndexOf('/'), 1)]).ToArray())),
        (2, Gen.Zip(Gen.Elements(paths), Name, (path, name) => $"{path}/{name}")), (5, AnyPath));

    private static Gen<string> Value { get; } = Gen.Frequency(
        (6, Gen.Elements("", "1", "v", "two")),
        (2, Gen.Elements("\0", "a\0b", "\u0000\u0001\u00ff\n|", "\u00e4")),
        (2, Gen.Elements(10, 30, 60, 100, 1999).Select(n => new string('v', n))),
        (1, Gen.Choose(2004, 2026).Select(n => new string('v', n))),
        (1, Gen.Choose(2500, 4200).Select(n => new string('v', n))));

    private static Gen<string> Domid { get; } = Gen.Frequency(
        (18, Gen.Elements("1", "1", "2", "2", "3")), (3, Gen.Constant("0")), (2, Gen.Constant("7")),
        (2, Gen.Elements("2000", "32752", "65537", "-1", "abc", "", " 1", "+2", "1x", "4294967297", "99999999999999999999", "0x1", "01")));

    private static Gen<string> Permission { get; } = Gen.Frequency(
        (12, Gen.Zip(Gen.Elements("n", "n", "r", "w", "b"), Domid, (letter, domid) => letter + domid)),
        (1, Gen.Elements("", "n", "x1", "r-1", "b010", "r 2", "n0x", "rr1", "w-0x1", "r08", "n+1")));

    private static Gen<string> Permissions { get; } =
        from count in Gen.Frequency((6, Gen.Constant(1)), (5, Gen.Constant(2)), (3, Gen.Constant(3)), (1, Gen.Choose(4, 7)), (1, Gen.Constant(0)))
        from all in Gen.ArrayOf(Permission, count)
        select string.Concat(all.Select(p => p + "\0"));

    private static Gen<string> Token { get; } = Gen.Frequency(
        (20, Gen.Elements("t", "t", "t", "u")), (1, Gen.Elements("", "a b", "\u00ff\u0001", "/t/a", "3:0")),
        (1, Gen.Elements(1000, 2040, 3000, 4080, 4090).Select(n => new string('k', n))));

    private Gen<string> WatchPath => Gen.Frequency(
        (10, Gen.Elements(paths)), (5, Path), (2, Base.Select(b => b.Length == 0 ? "/" : b)), (3, Gen.Elements("@releaseDomain", "@introduceDomain", "@other", "@")));

    private static Gen<string> Junk { get; } = Gen.Frequency((60, Gen.Constant("")), (1, Gen.Elements("x", "x\0", "\0")));

    private static Gen<string> Control { get; } = Gen.Elements(
        "check\0", "check\0x\0", "check", "log\0on\0", "log\0off\0", "log\0", "log\0+\0", "print\0x\0", "print\0", "quota\0", "quota-soft\0", "quota\00\0",
        "quota\01\0", "quota\02\0", "quota\07\0", "quota\0set\0nodes\0", "quota\0set\0nodes\00\0", "quota\0set\0nodes\012\0", "quota\0set\0what\05\0",
        "quota\0set\0transaction-nodes\08\0", "quota\0set\0path-max\0300\0", "quota-soft\0set\0memory\02097152\0", "quota-soft\0set\0nodes\05\0", "help\0",
        "help\0x\0", "memreport\0", "memreport\0/no/such/directory/x\0", "logfile\0/no/such/directory/x\0", "logfile\0", "live-update\0", "live-update\0-a\0",
        "live-update\0-s\0-F\0", "live-update\0-s\0-t\0", "live-update\0-c\0x\0", "live-update\0-f\0/no/such/file\0", "live-update\0-x\0", "nothing\0", "", "\0");

    /// <summary>A type and a payload.</summary>
    public Gen<(XsWireType Type, string Payload)> Request => Gen.Frequency(
        (12, Of(XsWireType.Write, Gen.Zip(Path, Value, (p, v) => $"{p}\0{v}"))),
        (1, Of(XsWireType.Write, Path)),
        (6, Of(XsWireType.Read, Path, "\0")),
        (5, Of(XsWireType.Directory, Path, "\0")),
        (3, Of(XsWireType.DirectoryPart, Gen.Zip(Path, Gen.Elements("0", "0", "2", "99", "-1", "x", "2049", ""), (p, at) => $"{p}\0{at}\0"))),
        (5, Of(XsWireType.Mkdir, Path, "\0")),
        (7, Of(XsWireType.Rm, Path, "\0")),
        (4, Of(XsWireType.GetPerms, Path, "\0")),
        (7, Of(XsWireType.SetPerms, Gen.Zip(Gen.Frequency((12, Path), (1, Gen.Elements("@releaseDomain", "@introduceDomain", "@x"))), Permissions, (p, all) => $"{p}\0{all}"))),
        (7, Of(XsWireType.Watch, Gen.Zip(WatchPath, Token, (p, t) => $"{p}\0{t}\0"))),
        (3, Of(XsWireType.Unwatch, Gen.Zip(WatchPath, Token, (p, t) => $"{p}\0{t}\0"))),
        (6, Of(XsWireType.TransactionStart, Gen.Constant("\0"))),
        (7, Of(XsWireType.TransactionEnd, Gen.Frequency((40, Gen.Constant("T\0")), (6, Gen.Constant("F\0")), (1, Gen.Elements("X\0", "T", ""))))),
        (2, Of(XsWireType.Introduce, Domid.Select(d => $"{d}\01\01\0"))),
        (1, Of(XsWireType.Introduce, Gen.Elements("1\01\0", "1\01\00\0", "1\0x\0x\0", "", "2\01\01\0more\0"))),
        (1, Gen.Frequency((3, Of(XsWireType.Release, Domid, "\0")), (1, Of(XsWireType.ResetWatches, Gen.Constant("\0"))))),
        (1, Of(XsWireType.Resume, Domid, "\0")),
        (2, Of(XsWireType.IsDomainIntroduced, Domid, "\0")),
        (1, Of(XsWireType.GetDomainPath, Domid, "\0")),
        (1, Of(XsWireType.SetTarget, Gen.Zip(Domid, Domid, (d, t) => $"{d}\0{t}\0"))),
        (1, Of(XsWireType.Control, Control)),
        (1, Gen.Elements<uint>(15, 16, 20, 23, 24, 25, 26, 27, 99, 0x8000_0000, uint.MaxValue).Select(type => ((XsWireType)type, "/t\0"))));

    // Sometimes with something behind it.
    private static Gen<(XsWireType Type, string Payload)> Of(XsWireType type, Gen<string> payload, string end = "") =>
        from text in payload
        from junk in Junk
        from cut in Gen.Frequency((80, Gen.Constant(false)), (1, Gen.Constant(end.Length > 0)))
        select (type, cut ? text : text + end + junk);
}
