using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Tests.Xenstore;

public sealed class NodeTests
{
    private readonly Store store = new();

    [Fact]
    public void A_new_store_holds_what_the_daemon_creates() =>
        Assert.Equal("/tool = \"\"   (n0)\n/tool/xenstored = \"\"   (n0)\n", store.Tree());

    [Fact]
    public void Writing_creates_missing_parents_and_lists_children_in_creation_order()
    {
        store.Write("/a/z", "1");
        store.Write("/a/b", "2");
        Assert.Equal("Directory z|b|", store.Ask(store.Dom0, XsWireType.Directory, "/a|"));
        Assert.Equal("Read 1", store.Read("/a/z"));
    }

    [Fact]
    public void Values_may_be_any_bytes()
    {
        store.Write("/a", "x|y\n\u00ff");
        Assert.Equal("Read x|y\n\u00ff", store.Read("/a"));
    }

    [Fact]
    public void Relative_paths_start_at_the_domains_home()
    {
        var guest = store.Guest(5);
        store.Ask(guest, XsWireType.Write, "data/x|v");
        Assert.Equal("Read v", store.Read("/local/domain/5/data/x"));
        store.Ok(XsWireType.Write, "y|w");
        Assert.Equal("Read w", store.Read("/local/domain/0/y"));
    }

    [Theory]
    [InlineData("//a")]
    [InlineData("/a/")]
    [InlineData("/a//b")]
    [InlineData("/a.b")]
    [InlineData("/a:b")]
    [InlineData("")]
    [InlineData("@releaseDomain")]
    public void Malformed_paths_are_invalid(string path)
    {
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Write, path + "|v"));
        Assert.Equal("Error EINVAL|", store.Read(path));
    }

    [Fact]
    public void A_path_may_be_2048_bytes_long_behind_a_domains_home()
    {
        Assert.Equal("Write OK|", store.Ask(store.Dom0, XsWireType.Write, "/" + new string('a', 2047) + "|"));
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Write, "/" + new string('a', 2048) + "|"));
        Assert.Equal("Write OK|", store.Ask(store.Dom0, XsWireType.Write, "/local/domain/7/" + new string('a', 2048) + "|"));
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Write, "/local/domain/7/" + new string('a', 2049) + "|"));
    }

    [Fact]
    public void Requests_without_their_nul_are_invalid()
    {
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Read, "/tool"));
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Read, "/tool||"));
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Write, "/tool"));
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Read, ""));
    }

    [Fact]
    public void Making_what_exists_leaves_it_alone()
    {
        store.Write("/a", "v");
        Assert.Equal("Mkdir OK|", store.Ask(store.Dom0, XsWireType.Mkdir, "/a|"));
        Assert.Equal("Read v", store.Read("/a"));
    }

    [Fact]
    public void Removing_what_is_missing_succeeds_where_the_parent_exists()
    {
        Assert.Equal("Rm OK|", store.Ask(store.Dom0, XsWireType.Rm, "/a|"));
        Assert.Equal("Error ENOENT|", store.Ask(store.Dom0, XsWireType.Rm, "/a/b|"));
        Assert.Equal("Error EINVAL|", store.Ask(store.Dom0, XsWireType.Rm, "/|"));
    }

    [Fact]
    public void Removing_a_node_removes_all_below_it()
    {
        store.Write("/a/b/c", "1");
        store.Write("/a/d", "1");
        store.Ok(XsWireType.Rm, "/a|");
        Assert.Equal("Error ENOENT|", store.Read("/a/b/c"));
        Assert.Equal(3, store.Core.NodeCount);
    }

    [Fact]
    public void A_directory_over_4096_bytes_is_too_big_and_comes_in_parts()
    {
        for (var i = 0; i < 1000; i++) store.Write($"/d/n{i:d4}", "");
        Assert.Equal("Error E2BIG|", store.Ask(store.Dom0, XsWireType.Directory, "/d|"));
        var (names, offset, generation) = (new List<string>(), 0, "");
        while (true)
        {
            var part = store.Ask(store.Dom0, XsWireType.DirectoryPart, $"/d|{offset}|")["DirectoryPart ".Length..];
            var head = part.IndexOf('|');
            Assert.True(generation == "" || generation == part[..head]);
            generation = part[..head];
            var list = part[(head + 1)..];
            names.AddRange(list.Split('|', StringSplitOptions.RemoveEmptyEntries));
            offset += list.Length;
            Assert.True(part.Length <= 4096);
            if (list.EndsWith("||", StringComparison.Ordinal)) break;
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"n{i:d4}"), names);
        Assert.EndsWith("||", store.Ask(store.Dom0, XsWireType.DirectoryPart, "/d|99999|"));
    }

    [Fact]
    public void A_payload_over_4096_bytes_violates_the_protocol_and_an_unknown_operation_does_not()
    {
        Assert.Equal(XenstoreViolation.PayloadTooLong, store.Send(store.Dom0, XsWireType.Write, "/a|" + new string('x', 4094)));
        Assert.Equal(XenstoreViolation.None, store.Send(store.Dom0, XsWireType.Write, "/a|" + new string('x', 4093)));
        Assert.Equal(XenstoreViolation.UnknownConnection, store.Send(99, XsWireType.Read, "/|"));
        Assert.Equal("Error ENOSYS|", store.Ask(store.Dom0, (XsWireType)20, ""));
        Assert.Equal("Error ENOSYS|", store.Ask(store.Dom0, XsWireType.GetFeature, "", tx: 99));
        Assert.Equal("Error ENOSYS|", store.Ask(store.Dom0, XsWireType.WatchEvent, ""));
    }

    [Fact]
    public void Listing_escapes_values_as_xenstore_ls_does()
    {
        store.Write("/q", "\u0001\\\"\n\t\u007f\u00e9\u001b");
        Assert.Contains("/q = \"\\001\\\\\"\\n\\t\\x7f\\xe9\\x1b\"   (n0)\n", store.Tree(), StringComparison.Ordinal);
    }
}
