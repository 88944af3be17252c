using XenActors.Tests.Toolstack.Libxl;
using XenActors.Toolstack.Libxl;

namespace XenActors.Tests.DeviceModel;

public sealed class QemuBackendsTests
{
    [Fact]
    public void The_keyboard_follows_its_frontend()
    {
        var bench = new Bench();
        Assert.True(bench.Create(Bench.File("guest.cfg.txt")).Ok);
        foreach (var (front, back) in (ReadOnlySpan<(string, string)>)[("3", "4"), ("4", "4"), ("5", "5"), ("6", "6"), ("1", "2"), ("3", "4")])
        {
            Assert.True(bench.Type(new StoreBatch().Write("device/vkbd/0/state", front), 29).Done);
            Assert.Equal(back, bench.Value("/local/domain/0/backend/vkbd/29/0/state"));
        }
    }

    [Fact]
    public void A_frontend_that_vanishes_changes_nothing()
    {
        var bench = new Bench();
        Assert.True(bench.Create(Bench.File("guest.cfg.txt")).Ok);
        bench.Type(new StoreBatch().Rm("/local/domain/29/device/vkbd/0"));
        Assert.Equal("2", bench.Value("/local/domain/0/backend/vkbd/29/0/state"));
    }
}
