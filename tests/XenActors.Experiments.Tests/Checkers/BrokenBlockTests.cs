using XenActors.Experiments.Checkers;
using XenActors.Experiments.Checkers.Block;
using XenActors.Experiments.Checkers.Grants;
using XenActors.Guest.Block;
using XenActors.Hypervisor.Grants;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block;
using XenActors.Xenbus;

namespace XenActors.Tests.Experiments.Checkers;

public sealed class BrokenBlockTests(BootedMachine booted) : IClassFixture<BootedMachine>
{
    private static readonly byte[] Ones = [.. Enumerable.Repeat((byte)1, 1024)];
    private static readonly byte[] Twos = [.. Enumerable.Repeat((byte)2, 1024)];
    private long _time;

    private Observed AtDriver => new(new VirtualTime(++_time), booted.Driver, booted.Asker);

    private Observed AtAsker => new(new VirtualTime(++_time), booted.Asker, booted.Driver);

    private VolumeId Volume => DiskIdentity.Of(booted.Machine, booted.Driver)!.Volume!.Value;

    [Fact]
    public void A_read_of_what_was_never_there_is_found()
    {
        var checker = booted.Attach(new BlockLinearizable());
        Write(checker, 1, Ones);
        Read(checker, 2, Ones);
        Assert.Empty(checker.Violations);
        Read(checker, 3, Twos);
        Assert.Contains("sector 100 was read as what it never held", Assert.Single(checker.Violations).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_write_is_found()
    {
        var checker = booted.Attach(new BlockLinearizable());
        Write(checker, 1, Ones);
        Write(checker, 2, Twos);
        Read(checker, 3, Ones);
        Assert.Single(checker.Violations);
    }

    [Fact]
    public void A_write_torn_at_sectors_that_failed_is_none()
    {
        var checker = booted.Attach(new BlockLinearizable());
        Write(checker, 1, Ones);
        Write(checker, 2, Twos, BlockStatus.IoError);
        Read(checker, 3, [.. Ones[..512], .. Twos[512..]]);
        Assert.Empty(checker.Violations);
    }

    [Fact]
    public void A_flush_that_was_answered_and_not_done_is_found()
    {
        var checker = booted.Attach(new FlushDurability());
        Write(checker, 1, Ones);
        Flush(checker, 2);
        Assert.Contains("an acknowledged flush had made durable", Assert.Single(checker.Violations.Take(1)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flush_that_was_done_is_right_and_what_came_after_it_may_be_lost()
    {
        var checker = booted.Attach(new FlushDurability());
        Write(checker, 1, Ones);
        checker.On(AtDriver, new MediumWritten(Volume, 100, Ones));
        Flush(checker, 2);
        Write(checker, 3, Twos);
        checker.On(AtDriver, new PowerLost());
        Assert.Empty(checker.Violations);
        Assert.Equal(1, checker.Branches["power lost"]);
    }

    [Fact]
    public void What_a_power_loss_takes_in_spite_of_a_flush_is_found()
    {
        var checker = booted.Attach(new FlushDurability());
        Write(checker, 1, Ones);
        checker.On(AtDriver, new MediumWritten(Volume, 100, Ones));
        Write(checker, 2, Twos);
        Flush(checker, 3);
        Assert.NotEmpty(checker.Violations);
    }

    [Fact]
    public void A_second_answer_to_one_request_is_found()
    {
        var checker = booted.Attach(new NoLostRequest());
        Read(checker, 1, Ones);
        checker.On(AtAsker, new BlockDone(1, BlockStatus.Ok, Ones));
        Assert.Contains("answered twice", Assert.Single(checker.Violations).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_without_an_answer_is_found_at_the_end()
    {
        var checker = booted.Attach(new NoLostRequest { Patience = VirtualDuration.FromMilliseconds(1) });
        checker.On(AtDriver, BlockRequest.Read(1, 100, 2));
        checker.AtEnd(new CheckedRun(booted.Machine));
        Assert.Contains("has had no answer", Assert.Single(checker.Violations).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_response_to_an_id_that_is_not_out_is_found_and_a_ring_that_is_left_asks_for_nothing()
    {
        var checker = booted.Attach(new NoLostRequest());
        checker.On(AtDriver, new RingRequestSent(8, 1));
        checker.On(AtDriver, new RingRequestSent(8, 2));
        checker.On(AtDriver, new RingResponseTaken(8, 1));
        checker.On(AtDriver, new RingLeft(8));
        checker.On(AtDriver, new RingRequestSent(8, 2));
        Assert.Empty(checker.Violations);
        checker.On(AtDriver, new RingRequestSent(8, 2));
        checker.On(AtDriver, new RingResponseTaken(8, 1));
        Assert.Equal(2, checker.Violations.Count);
    }

    [Fact]
    public void A_write_into_a_page_that_was_revoked_is_found()
    {
        var checker = booted.Attach(new NoForeignWrite());
        checker.On(AtDriver, new GrantGiven(1, 20, 0));
        checker.On(AtDriver, new GrantMapped(1, 20, 0, 5, false));
        checker.On(AtDriver, new ForeignPageWritten(1, 20));
        checker.On(AtDriver, new GrantUnmapped(1, 0, 5));
        checker.On(AtDriver, new GrantRevoked(1, 20));
        Assert.Empty(checker.Violations);
        checker.On(AtDriver, new ForeignPageWritten(1, 20));
        Assert.Contains("which was revoked", Assert.Single(checker.Violations).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_is_given_back_while_it_is_mapped_is_found()
    {
        var checker = booted.Attach(new NoForeignWrite());
        checker.On(AtDriver, new GrantGiven(1, 20, 0));
        checker.On(AtDriver, new GrantMapped(1, 20, 0, 5, false));
        checker.On(AtDriver, new GrantRevoked(1, 20));
        Assert.Single(checker.Violations);
    }

    [Fact]
    public void An_emulated_disk_that_writes_after_the_paravirtual_one_is_found()
    {
        var checker = booted.Attach(new SingleWriter());
        var bus = booted.Machine.Simulator.StateOf<BackendXenbusState>(booted.Machine.Places.Xenbus(0))!;
        var back = bus.Devices.Find(d => d.Node.StartsWith("backend/vbd/", StringComparison.Ordinal))!.Driver;
        var model = booted.Machine.Domain(booted.Guest).DeviceModel;
        checker.On(new(new VirtualTime(1), booted.Machine.Disks, model), new DiskWrite(Volume, 100, Ones, false, 1));
        checker.On(new(new VirtualTime(2), booted.Machine.Disks, back), new DiskWrite(Volume, 100, Ones, false, 2));
        Assert.Empty(checker.Violations);
        checker.On(new(new VirtualTime(3), booted.Machine.Disks, model), new DiskWrite(Volume, 100, Twos, false, 3));
        Assert.Contains("both ways are open", Assert.Single(checker.Violations).Text, StringComparison.Ordinal);
    }

    private void Write(BlockTraffic checker, long cookie, byte[] data, BlockStatus status = BlockStatus.Ok)
    {
        checker.On(AtDriver, new BlockRequest(cookie, BlockOperation.Write, BlockFlags.None, 100, 2, data));
        checker.On(AtAsker, new BlockDone(cookie, status, []));
    }

    private void Read(BlockTraffic checker, long cookie, byte[] data)
    {
        checker.On(AtDriver, BlockRequest.Read(cookie, 100, 2));
        checker.On(AtAsker, new BlockDone(cookie, BlockStatus.Ok, data));
    }

    private void Flush(BlockTraffic checker, long cookie)
    {
        checker.On(AtDriver, new BlockRequest(cookie, BlockOperation.Flush, BlockFlags.None, 0, 0, []));
        checker.On(AtAsker, new BlockDone(cookie, BlockStatus.Ok, []));
    }
}
