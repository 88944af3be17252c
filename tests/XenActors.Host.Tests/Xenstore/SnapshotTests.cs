using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Tests.Xenstore;

public sealed class SnapshotTests
{
    [Fact]
    public void A_store_restored_in_the_middle_of_everything_goes_on_with_the_same_outputs()
    {
        var store = new Store();
        var guest = Prepare(store);
        var bytes = Encode(store.Core);
        var restored = new Store { Core = CodecOf.Decode<XenstoreCore>(bytes) };
        Assert.Equal(bytes, Encode(restored.Core));
        store.Output.Lines.Clear();
        restored.Output.Lines.Clear();
        Continue(store, guest);
        Continue(restored, guest);
        Assert.True(store.Output.Lines.Count > 30);
        Assert.Equal(store.Output.Lines, restored.Output.Lines);
        Assert.Equal(store.Tree(), restored.Tree());
        Assert.Equal(Encode(store.Core), Encode(restored.Core));
    }

    [Fact]
    public void Cut_bytes_are_refused()
    {
        var store = new Store();
        Prepare(store);
        var bytes = Encode(store.Core);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<CodecException>(() => CodecOf.Decode<XenstoreCore>(bytes.AsSpan(0, length)));
        }
    }

    private static int Prepare(Store store)
    {
        var guest = store.Guest(5);
        store.Guest(6);
        store.Ok(XsWireType.SetTarget, "6|5|");
        store.Write("/a/b/c", "1");
        store.Ok(XsWireType.SetPerms, "/a|n0|r5|b6|");
        store.Core.DomainGone(6, store.Output);
        store.Ok(XsWireType.SetPerms, "@releaseDomain|n0|r5|");
        store.Ask(guest, XsWireType.Watch, "device|g|");
        store.Ask(guest, XsWireType.Watch, "@releaseDomain|r|");
        store.Ask(store.Dom0, XsWireType.Watch, "/|all|");
        for (var i = 0; i < 2; i++)
        {
            var tx = store.Start();
            store.Write($"/a/new{i}/x", "2", tx);
            store.Ok(XsWireType.Rm, "/a/b|", tx);
            store.Ask(store.Dom0, XsWireType.Directory, "/|", tx);
        }

        var own = store.Start(guest);
        store.Ask(guest, XsWireType.Write, "device/vbd/768/state|1", own);
        store.Core.DomainShutdown(5, store.Output);
        return guest;
    }

    private static void Continue(Store store, int guest)
    {
        store.Ask(guest, XsWireType.Read, "device/vbd/768/state|", 1);
        store.Ask(guest, XsWireType.TransactionEnd, "T|", 1);
        store.Ask(store.Dom0, XsWireType.Directory, "/a|", 1);
        store.Ask(store.Dom0, XsWireType.TransactionEnd, "T|", 1);
        store.Ask(store.Dom0, XsWireType.Directory, "/a|", 2);
        store.Ask(store.Dom0, XsWireType.TransactionEnd, "T|", 2);
        store.Ask(store.Dom0, XsWireType.TransactionStart, "|");
        store.Ask(store.Dom0, XsWireType.DirectoryPart, "/|0|");
        store.Ask(guest, XsWireType.Read, "/a|");
        store.Ask(store.Dom0, XsWireType.Introduce, "6|1|1|");
        var second = store.Core.Connect(6);
        store.Ask(second, XsWireType.Read, "/a|");
        for (var i = 0; i < 10; i++) store.Ask(guest, XsWireType.Write, $"device/{i}|x");
        store.Core.DomainShutdown(5, store.Output);
        store.Core.DomainGone(5, store.Output);
    }

    private static byte[] Encode(XenstoreCore core)
    {
        var buffer = new CodecBuffer();
        var sink = new ByteSink(buffer);
        CodecOf.Encode(in core, ref sink);
        return buffer.ToArray();
    }
}
