namespace XenActors.Tests.Live.Xenstore.Tools;

/// <summary>Command lines that users type, and those that they type by mistake. They change the store: the order matters.</summary>
internal static class ToolCases
{
    private static readonly string Long = new('x', 300);

    public static readonly string[][] All =
    [
        // nothing yet
        ["ls"], ["ls", "-fp", "/"], ["read", "/a"], ["list", "/a"], ["exists", "/a"], ["rm", "/a"], ["rm", "/a/b"], ["rm", "-t", "/a"],
        ["chmod", "/a", "n0"],

        // values
        ["write", "/a/b", "1"], ["write", "/a/c", "two", "/a/d", "three"], ["write", "relative/path", "r"], ["write", "/a/e", ""],
        ["write", "/a/f", @"tab\tnl\ncr\rback\\slash"], ["write", "/a/g", @"\x00\x01\x7f\xff\0\1\377\777\x1\xg\q\"], ["write", "/a/h", "\"quoted\""],
        ["write", "/a/i", "a\nb\tc\rd"], ["write", "/a/j", "ü€"], ["write", "-R", "/a/k", @"raw \x41"], ["write", "/a/l", @"\x-1\x+2\x 3\x0x41\x4\x 41"],
        ["write", "/a/l2", @"\xx\x-g\x- 1\x+"], ["write", "/a/l3", @"\x0x"], ["write", "/a/l4", @"\x-"], ["write", "/a/l5", @"\08\18\4\400\12"],
        ["write", "/a/l6", @"\x	41"], ["write", "/a/l7", @"\xA\xaB\xFG"], ["write", "/a/m", "-n"], ["write", "--", "-dash", "-v"], ["write", "/a/n", "--", "x"],
        ["write", "/a/o", Long], ["write", "/a/" + Long, "deep"], ["write", "/a/p", new string('v', 4000)], ["write", "/a/q", new string('v', 4093)],
        ["write", "/a/r", new string('v', 4092)], ["write", "/a/r", new string('v', 4091)], ["write", "/" + new string('y', 2047), "v"], ["write", "/" + new string('y', 2048), "v"],
        ["write", "/" + new string('z', 5000), "v"], ["write", "/local/domain/5/" + new string('y', 2048), "v"],
        ["read", "/a/b"], ["read", "/a/c", "/a/d"], ["read", "-p", "/a/b", "/a/c"], ["read", "/a/b", "/no", "/a/c"], ["read", "-R", "/a/g"], ["read", "-R", "-p", "/a/g", "/a/f"],
        ["read", "/a/f"], ["read", "/a/g"], ["read", "/a/h"], ["read", "/a/i"], ["read", "/a/j"], ["read", "/a/k"], ["read", "/a/l"], ["read", "/a/e"], ["read", "/a/m"],
        ["read", "/a/l2"], ["read", "/a/l3"], ["read", "/a/l4"], ["read", "/a/l5"], ["read", "/a/l6"], ["read", "/a/l7"],
        ["read", "--", "-dash"], ["read", "relative/path"], ["read", "/local/domain/0/relative/path"], ["read", "/a/q"], ["read", "/a/r"], ["read", "--raw", "/a/b"], ["read", "--prefix", "/a/b"],

        // odd paths
        ["read", ""], ["read", "/"], ["read", "//"], ["read", "/a/"], ["read", "/a//b"], ["read", "/a b"], ["read", "/a:b"], ["read", "/a.b"], ["read", "@releaseDomain"], ["read", "/ü"],
        ["read", "/" + new string('z', 5000)], ["list", ""], ["list", "/a/"], ["list", "@introduceDomain"], ["ls", ""], ["ls", "/a/"], ["ls", "//"], ["ls", "/" + new string('z', 5000)],
        ["write", "", "x"], ["write", "/", "root"], ["write", "/a/", "x"], ["write", "/a b", "x"], ["write", "@releaseDomain", "x"], ["write", "/ok1", "1", "/not ok", "2"], ["read", "/ok1"],
        ["exists", ""], ["exists", "/"], ["exists", "/a/b"], ["exists", "/a/b", "/a/c"], ["exists", "/a/b", "/no"], ["exists", "/no", "/a/b"],
        ["rm", ""], ["rm", "/"], ["rm", "/a/"], ["rm", "@releaseDomain"], ["rm", "-t", ""],

        // listings
        ["list", "/"], ["list", "/a"], ["list", "-p", "/a"], ["list", "-p", "/"], ["list", "/a", "/tool"], ["list", "/a", "/no"], ["list", "--prefix", "/tool"], ["list", "/a/b"],
        ["ls"], ["ls", "/"], ["ls", "-f"], ["ls", "-p"], ["ls", "-fp"], ["ls", "-pf", "/a"], ["ls", "/a", "/tool"], ["ls", "/a", "/no", "/tool"], ["ls", "/a/b"], ["ls", "relative"],
        ["ls", "-f", "relative"], ["ls", "/no"], ["ls", "/a", "-p"], ["ls", "--flat"], ["ls", "--prefix", "/tool"],

        // permissions
        ["chmod", "/a/b", "n0", "r5"], ["chmod", "/a/c", "r0", "w1", "b2", "n3"], ["chmod", "-r", "/a", "b1"], ["chmod", "-u", "/a/b", "n7"], ["chmod", "-ur", "/a/b", "r7", "w3"],
        ["chmod", "-r", "/", "n0"], ["chmod", "-u", "relative/path", "n1"], ["chmod", "relative", "n1"], ["chmod", "/a/b"], ["chmod", "/a/b", "x5"], ["chmod", "/a/b", ""], ["chmod", "/a/b", "n"],
        ["chmod", "/a/b", "n-5"], ["chmod", "/a/b", "r 5"], ["chmod", "/a/b", "r5x"], ["chmod", "/a/b", "n0", "r99999999999"], ["chmod", "/a/b", "n0", "r4294967295"], ["chmod", "/a/b", "n0", "r32752"],
        ["chmod", "/a/b", "n40000"], ["chmod", "/no", "n0"], ["chmod", "", "n0"], ["chmod", "/", "n0"], ["chmod", "-u", "/", "n0"], ["chmod", "@releaseDomain", "n0", "r5"], ["chmod", "--recurse", "/a", "n0"],
        ["chmod", "--upto", "/a/c", "n0"], ["chmod", "/a/b", "n0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "r16", "r17"],
        ["write", "/deep/" + Long + "/child", "1"], ["chmod", "-r", "/deep", "n1"], ["ls", "-p", "/deep"], ["ls", "-fp", "/a"], ["ls", "-p", "/a"],

        // removals
        ["write", "/t/u/v/w", "1"], ["rm", "-t", "/t/u/v/w"], ["ls", "-f", "/t"], ["write", "/t/u", "full", "/t/x/y", "1", "/t/x/z", "2"], ["rm", "-t", "/t/x/y"], ["rm", "--tidy", "/t/x/z"], ["ls", "-f", "/t"],
        ["write", "q/r/s", "1"], ["rm", "-t", "q/r/s"], ["rm", "-t", "/no/such/thing"], ["rm", "/a/b", "/no/such/parent", "/a/c"], ["exists", "/a/b"], ["rm", "/a/b", "/a/c"], ["rm", "/a"], ["ls", "-f"],

        // mistakes of the command line
        ["ls", "-h"], ["read", "-h"], ["write", "-h"], ["rm", "-h"], ["list", "-h"], ["exists", "-h"], ["chmod", "-h"], ["watch", "-h"], ["read", "--help"], ["read"], ["write"], ["write", "/a"], ["write", "/a", "1", "/b"],
        ["rm"], ["list"], ["exists"], ["chmod"], ["watch"], ["ls", "-x"], ["ls", "-xyz", "/tool"], ["ls", "--nonsense"], ["ls", "--nonsense=3"], ["ls", "--fl"], ["ls", "--r"], ["ls", "--r=1"], ["ls", "--flat=1"], ["read", "-t", "/a"],
        ["read", "-f", "/a"], ["exists", "-p", "/a"], ["write", "-p", "/a", "1"], ["chmod", "-R", "/a", "n0"], ["rm", "-r", "/a"], ["ls", "-n", "1"], ["ls", "-n"], ["watch", "-n"], ["watch", "--number"], ["watch", "-f", "/a"],
        ["ls", "-s", "/tool"], ["ls", "-"], ["read", "-s", "/tool"], ["ls", "--", "-f"], ["ls", "--pre", "/tool"], ["read", "-xh"], ["ls", "-", "--", "--"],

        // watches that end by themselves
        ["watch", "-n", "1", "/tool"], ["watch", "-n1", "/none"], ["watch", "-n", "2", "/tool", "@releaseDomain"], ["watch", "--number=1", "relative"], ["watch", "-n", "0", "/tool"], ["watch", "-n", "x", "/tool"], ["watch", "-n", "-7", "/tool"],
        ["watch", "-n", "1", "///"], ["watch", "-n", "1", ""], ["watch", "-n", "1", "/a b"], ["watch", "-n", "2", "/tool", "/tool"], ["watch", "-n", "1", "@anything"], ["watch", "-n", "1", "/" + new string('z', 5000)],
        ["watch", "-n", "1", "/" + new string('y', 2047)],
    ];
}
