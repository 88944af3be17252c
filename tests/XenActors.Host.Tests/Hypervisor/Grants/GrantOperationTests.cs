using System.Buffers.Binary;
using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;

namespace XenActors.Tests.Hypervisor;

/// <summary>Each grant operation's statuses, as Xen gives them, and what it leaves in the guest's bytes.</summary>
public sealed class GrantOperationTests
{
    private const ushort Mapper = 3;
    private readonly GrantTable table = new() { Owner = 5 };

    public GrantOperationTests() => table.TrackOf(Mapper).AddFrame(0);

    private uint Grant(bool readOnly = false, ushort to = Mapper)
    {
        Assert.True(table.Grant(to, new byte[Gfn.PageSize], readOnly, false, new ActorRef(1, 1), out var reference));
        return reference;
    }

    private GnttabStatus Map(uint reference, GnttabMapFlags flags, bool hvm = false, ulong at = 0) =>
        table.Map(reference, Mapper, flags, at, hvm, out _);

    private uint Mapped(uint reference, GnttabMapFlags flags = GnttabMapFlags.HostMap, ulong at = 0)
    {
        Assert.Equal(GnttabStatus.Okay, table.Map(reference, Mapper, flags, at, false, out var handle));
        return handle;
    }

    [Fact]
    public void An_entry_lies_in_the_table_as_the_guest_wrote_it()
    {
        var reference = Grant(readOnly: true);
        var entry = GrantEntryV1.Read(table.Frames[0].AsSpan((int)reference * GrantEntryV1.SizeOf));
        Assert.Equal(new GrantEntryV1(GrantFlags.PermitAccess | GrantFlags.Readonly, new DomId(Mapper), (uint)GuestFrames.First), entry);
    }

    [Theory]
    [InlineData(GnttabMapFlags.None, false, GnttabStatus.BadGntref)]
    [InlineData(GnttabMapFlags.Readonly, false, GnttabStatus.BadGntref)]
    [InlineData(GnttabMapFlags.HostMap, false, GnttabStatus.Okay)]
    [InlineData(GnttabMapFlags.HostMap, true, GnttabStatus.Okay)]
    [InlineData(GnttabMapFlags.DeviceMap, false, GnttabStatus.Okay)]
    [InlineData(GnttabMapFlags.DeviceMap, true, GnttabStatus.GeneralError)]
    [InlineData(GnttabMapFlags.HostMap | GnttabMapFlags.ApplicationMap, true, GnttabStatus.GeneralError)]
    [InlineData(GnttabMapFlags.HostMap | GnttabMapFlags.ContainsPte, true, GnttabStatus.GeneralError)]
    public void Mapping_needs_a_kind_that_the_mapper_can_have(GnttabMapFlags flags, bool hvm, GnttabStatus expected) =>
        Assert.Equal(expected, Map(Grant(), flags, hvm));

    [Theory]
    [InlineData(GrantFlags.Invalid, Mapper, GnttabStatus.GeneralError)]
    [InlineData(GrantFlags.AcceptTransfer, Mapper, GnttabStatus.GeneralError)]
    [InlineData(GrantFlags.Transitive, Mapper, GnttabStatus.GeneralError)]
    [InlineData(GrantFlags.PermitAccess | GrantFlags.SubPage, Mapper, GnttabStatus.GeneralError)]
    [InlineData(GrantFlags.PermitAccess, (ushort)4, GnttabStatus.GeneralError)]
    [InlineData(GrantFlags.PermitAccess | GrantFlags.Readonly, Mapper, GnttabStatus.GeneralError)]
    [InlineData(GrantFlags.PermitAccess | GrantFlags.Pwt | GrantFlags.Pcd, Mapper, GnttabStatus.Okay)]
    public void Mapping_for_writing_looks_at_the_entrys_bytes(GrantFlags flags, ushort domid, GnttabStatus expected)
    {
        var reference = Grant();
        BinaryPrimitives.WriteUInt16LittleEndian(table.Entry(reference), (ushort)flags);
        BinaryPrimitives.WriteUInt16LittleEndian(table.Entry(reference)[GrantEntryV1.DomidOffset..], domid);
        Assert.Equal(expected, Map(reference, GnttabMapFlags.HostMap));
        Assert.Equal(expected == GnttabStatus.Okay ? GrantFlags.Reading | GrantFlags.Writing : 0, table.Status(reference));
    }

    [Fact]
    public void A_frame_that_is_no_RAM_is_a_bad_page_and_leaves_no_mark()
    {
        var reference = Grant();
        BinaryPrimitives.WriteUInt32LittleEndian(table.Entry(reference)[GrantEntryV1.FrameOffset..], 0xFFFFFFFF);
        Assert.Equal(GnttabStatus.BadPage, Map(reference, GnttabMapFlags.HostMap));
        Assert.Equal((GrantFlags)0, table.Status(reference));
        Assert.Equal(0u, table.ActiveOf(reference).Pin);
    }

    [Fact]
    public void References_end_with_the_frames_that_are_there()
    {
        Assert.Equal(GnttabStatus.GeneralError, Map(511, GnttabMapFlags.HostMap));
        Assert.Equal(GnttabStatus.BadGntref, Map(512, GnttabMapFlags.HostMap));
        Assert.Equal(GnttabStatus.Okay, table.SetupTable(2));
        Assert.Equal(GnttabStatus.GeneralError, Map(512, GnttabMapFlags.HostMap));
        Assert.Equal(GnttabStatus.BadGntref, Map(uint.MaxValue, GnttabMapFlags.HostMap));
    }

    [Theory]
    [InlineData(GnttabMapFlags.HostMap, 0)]
    [InlineData(GnttabMapFlags.HostMap | GnttabMapFlags.Readonly, 8)]
    [InlineData(GnttabMapFlags.DeviceMap, 16)]
    [InlineData(GnttabMapFlags.DeviceMap | GnttabMapFlags.Readonly, 24)]
    public void Each_kind_of_pin_has_its_own_counter_and_ends_at_128(GnttabMapFlags flags, int shift)
    {
        var reference = Grant();
        List<uint> handles = [];
        for (var i = 0; i < GrantPin.Max; i++)
        {
            handles.Add(Mapped(reference, flags));
        }

        Assert.Equal(128u << shift, table.ActiveOf(reference).Pin);
        Assert.Equal(GnttabStatus.GeneralError, Map(reference, flags));
        var other = flags ^ GnttabMapFlags.Readonly;
        Mapped(reference, other);
        table.Unmap(handles[0], Mapper, default);
        Mapped(reference, flags);
    }

    [Fact]
    public void Reading_and_writing_last_as_long_as_their_pins()
    {
        var reference = Grant();
        var reader = Mapped(reference, GnttabMapFlags.HostMap | GnttabMapFlags.Readonly);
        Assert.Equal(GrantFlags.Reading, table.Status(reference));
        var writer = Mapped(reference, GnttabMapFlags.HostMap | GnttabMapFlags.DeviceMap);
        Assert.Equal(GrantFlags.Reading | GrantFlags.Writing, table.Status(reference));
        Assert.Equal(0x00010101u, table.ActiveOf(reference).Pin);
        table.Unmap(writer, Mapper, default);
        Assert.Equal(GrantFlags.Reading, table.Status(reference));
        table.Unmap(reader, Mapper, default);
        Assert.Equal((GrantFlags)0, table.Status(reference));
    }

    [Fact]
    public void A_pinned_entry_is_what_it_was_when_it_was_pinned()
    {
        var reference = Grant();
        Mapped(reference);
        table.Entry(reference).Clear();
        Mapped(reference);
        Assert.Equal(GuestFrames.First, table.ActiveOf(reference).Frame);

        // Another domain never comes in beside the first.
        table.TrackOf(4).AddFrame(0);
        Assert.Equal(GnttabStatus.GeneralError, table.Map(reference, 4, false, out _));
    }

    [Fact]
    public void Unmapping_by_address_ends_the_part_that_it_names()
    {
        var reference = Grant();
        var handle = Mapped(reference, GnttabMapFlags.HostMap | GnttabMapFlags.DeviceMap, at: 0x1000);
        Assert.Equal(GnttabStatus.GeneralError, table.Unmap(handle, Mapper, 0x2000, 0));
        Assert.Equal(GnttabStatus.BadDevAddr, table.Unmap(handle, Mapper, 0, 0x5000));
        Assert.Equal(GnttabStatus.Okay, table.Unmap(handle, Mapper, 0x1000, 0));
        Assert.Equal(GrantPin.DeviceWrite, table.ActiveOf(reference).Pin);
        Assert.Equal(GnttabStatus.Okay, table.Unmap(handle, Mapper, 0, GuestFrames.First << Gfn.PageShift));
        Assert.Equal(0u, table.ActiveOf(reference).Pin);
        Assert.Equal(GnttabStatus.BadHandle, table.Unmap(handle, Mapper, 0x1000, 0));
        Assert.Equal(GnttabStatus.BadHandle, table.Unmap(uint.MaxValue, Mapper, 0x1000, 0));
    }

    [Fact]
    public void Unmap_and_replace_is_for_PV_mappers()
    {
        var handle = Mapped(Grant(), at: 0x1000);
        Assert.Equal(GnttabStatus.GeneralError, table.UnmapAndReplace(handle, Mapper, 0x1000, 0x3000, byIsHvm: true));
        Assert.Equal(GnttabStatus.Okay, table.UnmapAndReplace(handle, Mapper, 0x1000, 0x3000, byIsHvm: false));
        Assert.Equal(GnttabStatus.BadHandle, table.UnmapAndReplace(handle, Mapper, 0x1000, 0x3000, byIsHvm: false));
    }

    [Fact]
    public void Handles_run_out_with_the_mappers_frames()
    {
        var (a, b) = (Grant(), Grant());
        for (var i = 0; i < Maptrack.HandlesPerFrame - 1; i++)
        {
            Mapped(i % 2 == 0 ? a : b);
        }

        Assert.Equal(GnttabStatus.NoSpace, Map(a, GnttabMapFlags.HostMap));
        Assert.Equal(GnttabStatus.NoSpace, Map(99999, GnttabMapFlags.HostMap));
        table.TrackOf(Mapper).AddFrame(7);
        Assert.Equal(7u * 256, Mapped(Grant()));
    }

    [Fact]
    public void A_dying_domain_lends_nothing_more()
    {
        var (fresh, used) = (Grant(), Grant());
        var handle = Mapped(used);
        table.Dying = true;
        Assert.Equal(GnttabStatus.GeneralError, Map(fresh, GnttabMapFlags.HostMap));
        Assert.Equal(GnttabStatus.GeneralError, table.CopyFrom(fresh, Mapper, 0, new byte[1]));
        Assert.Equal(GnttabStatus.BadDomain, table.CopyFrom(used, Mapper, 0, new byte[1]));
        Assert.Equal(GnttabStatus.Okay, table.Unmap(handle, Mapper, default));
    }

    [Theory]
    [InlineData(0, 4096, GnttabStatus.Okay)]
    [InlineData(4095, 1, GnttabStatus.Okay)]
    [InlineData(4095, 2, GnttabStatus.BadCopyArg)]
    [InlineData(65535, 1, GnttabStatus.BadCopyArg)]
    [InlineData(0, 0, GnttabStatus.Okay)]
    public void Copies_stay_in_the_page(int offset, int length, GnttabStatus expected)
    {
        var reference = Grant();
        Assert.Equal(expected, table.CopyFrom(reference, Mapper, offset, new byte[length]));
        Assert.Equal(expected, table.CopyTo(reference, Mapper, offset, new byte[length]));
        Assert.Equal(0u, table.ActiveOf(reference).Pin);
        Assert.Equal((GrantFlags)0, table.Status(reference));
    }

    [Fact]
    public void Copies_need_the_grant_that_they_use()
    {
        var (readOnly, foreign) = (Grant(readOnly: true), Grant(to: 9));
        Assert.Equal(GnttabStatus.Okay, table.CopyFrom(readOnly, Mapper, 0, new byte[8]));
        Assert.Equal(GnttabStatus.GeneralError, table.CopyTo(readOnly, Mapper, 0, new byte[8]));
        Assert.Equal(GnttabStatus.GeneralError, table.CopyFrom(foreign, Mapper, 0, new byte[8]));
        Assert.Equal(GnttabStatus.BadGntref, table.CopyFrom(512, Mapper, 0, new byte[8]));
    }

    [Fact]
    public void What_is_copied_in_comes_out()
    {
        var reference = Grant();
        Assert.Equal(GnttabStatus.Okay, table.CopyTo(reference, Mapper, 100, [1, 2, 3]));
        var back = new byte[5];
        Assert.Equal(GnttabStatus.Okay, table.CopyFrom(reference, Mapper, 99, back));
        Assert.Equal([0, 1, 2, 3, 0], back);
        Assert.Equal(2, table.End(reference)![101]);
    }

    [Fact]
    public void A_part_of_a_page_is_copied_within_its_bounds_and_never_mapped()
    {
        Assert.Equal(XenErrno.None, table.SetVersion(2));
        var reference = Grant();
        BinaryPrimitives.WriteUInt16LittleEndian(table.Entry(reference), (ushort)(GrantFlags.PermitAccess | GrantFlags.SubPage));
        BinaryPrimitives.WriteUInt16LittleEndian(table.Entry(reference)[GrantEntryV2.SubPagePageOffOffset..], 512);
        BinaryPrimitives.WriteUInt16LittleEndian(table.Entry(reference)[GrantEntryV2.SubPageLengthOffset..], 256);
        Assert.Equal(GnttabStatus.Okay, table.CopyTo(reference, Mapper, 512, new byte[256]));
        Assert.Equal(GnttabStatus.GeneralError, table.CopyTo(reference, Mapper, 511, new byte[2]));
        Assert.Equal(GnttabStatus.GeneralError, table.CopyTo(reference, Mapper, 760, new byte[9]));
        Assert.Equal(GnttabStatus.BadCopyArg, table.CopyTo(reference, Mapper, 4000, new byte[200]));
        Assert.Equal(GnttabStatus.GeneralError, Map(reference, GnttabMapFlags.HostMap));
        Assert.Equal(XenErrno.None, table.SetVersion(1));
    }

    [Fact]
    public void Transitive_grants_pass_once_and_never_back_home()
    {
        table.SetVersion(2);
        var reference = Grant();
        void Point(ushort domid)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(table.Entry(reference), (ushort)GrantFlags.Transitive);
            BinaryPrimitives.WriteUInt16LittleEndian(table.Entry(reference)[GrantEntryV2.TransitiveTransDomidOffset..], domid);
            BinaryPrimitives.WriteUInt32LittleEndian(table.Entry(reference)[GrantEntryV2.TransitiveGrefOffset..], 77);
        }

        Point(8);
        Assert.Equal(GnttabStatus.GeneralError, table.Acquire(reference, Mapper, true, allowTransitive: false, out _));
        Assert.Equal(GnttabStatus.Okay, table.Acquire(reference, Mapper, true, allowTransitive: true, out var area));
        Assert.Equal((true, (ushort)8, 77u), (area.Through, area.SourceDomid, area.SourceRef));
        Assert.Equal(XenErrno.EBUSY, table.SetVersion(1));
        Assert.Equal(GnttabStatus.GeneralError, Map(reference, GnttabMapFlags.HostMap));
        table.Release(reference, true);
        Assert.Equal((GrantFlags)0, table.Status(reference));
        Point(5);
        Assert.Equal(GnttabStatus.GeneralError, table.Acquire(reference, Mapper, true, allowTransitive: true, out _));
        Assert.Equal(0u, table.ActiveOf(reference).Pin);
    }

    [Theory]
    [InlineData(0u, 2, XenErrno.EINVAL, 1)]
    [InlineData(3u, 2, XenErrno.EINVAL, 1)]
    [InlineData(2u, 1, XenErrno.ENOSYS, 1)]
    [InlineData(1u, 1, XenErrno.None, 1)]
    [InlineData(2u, 2, XenErrno.None, 2)]
    public void Set_version(uint version, int max, XenErrno expected, int after)
    {
        table.VersionMax = max;
        Assert.Equal(expected, table.SetVersion(version));
        Assert.Equal(after, table.Version);
    }

    [Fact]
    public void The_version_changes_only_with_no_entry_in_use_but_the_tools()
    {
        table.Reserve(1, Mapper, 0xFEFFC);
        Mapped(1);
        var handle = Mapped(Grant());
        Assert.Equal(XenErrno.EBUSY, table.SetVersion(2));
        table.Unmap(handle, Mapper, default);
        Assert.Equal(XenErrno.None, table.SetVersion(2));
        Assert.Equal((GrantFlags.PermitAccess, GrantFlags.Reading | GrantFlags.Writing), (table.FlagsOf(1), table.Status(1)));
        Assert.Equal((Mapper, 0xFEFFCUL), (table.DomidOf(1), table.FrameOf(1)));
        Assert.Equal((256u, 1), (table.EntryCount, table.StatusFrames.Count));
        Assert.Equal(GnttabStatus.BadGntref, Map(256, GnttabMapFlags.HostMap));
        Assert.Equal(XenErrno.None, table.SetVersion(1));
        Assert.Equal(GrantFlags.PermitAccess | GrantFlags.Reading | GrantFlags.Writing, table.FlagsOf(1));
    }

    [Fact]
    public void Version_1_cannot_hold_a_tools_frame_above_32_bits()
    {
        table.SetVersion(2);
        table.Reserve(1, Mapper, 0x1_0000_0000);
        Assert.Equal(XenErrno.ERANGE, table.SetVersion(1));
    }

    [Fact]
    public void In_version_2_reading_and_writing_stand_apart()
    {
        table.SetVersion(2);
        var reference = Grant();
        var handle = Mapped(reference);
        Assert.Equal(GrantFlags.PermitAccess, table.FlagsOf(reference));
        Assert.Equal((ushort)0x18, BinaryPrimitives.ReadUInt16LittleEndian(table.StatusFrames[0].AsSpan((int)reference * 2)));
        Assert.Null(table.End(reference));

        // The grantor has cleared the flags: nobody new gets in, the old mapping stays.
        Assert.Equal(GrantFlags.Invalid, table.FlagsOf(reference));
        table.Unmap(handle, Mapper, default);
        Assert.NotNull(table.End(reference));
    }

    [Fact]
    public void The_table_grows_to_its_limit_and_no_further()
    {
        table.FramesMax = 2;
        Assert.Equal(GnttabStatus.GeneralError, table.SetupTable(3));
        var granted = 0;
        while (table.Grant(0, [], false, false, ActorRef.None, out _))
        {
            granted++;
        }

        Assert.Equal((1024 - 8, 2), (granted, table.Frames.Count));
        Assert.Equal(GnttabStatus.GeneralError, table.GetStatusFrames(1));
    }

    [Fact]
    public void References_are_held_all_or_none_and_given_out_in_their_order_again()
    {
        List<uint> held = [];
        Assert.True(table.Hold(512, held));
        Assert.Equal((8u, 519u, 2), (held[0], held[^1], table.Frames.Count));
        Assert.Equal(520u, Grant());
        table.FramesMax = 2;
        List<uint> more = [];
        Assert.False(table.Hold(504, more));
        Assert.Empty(more);
        Assert.True(table.Hold(503, more));
        table.Free(held);
        Assert.Empty(held);
        Assert.Equal(8u, Grant());
    }

    [Fact]
    public void Swapping_needs_two_references_that_nobody_uses()
    {
        var (a, b) = (Grant(), Grant(readOnly: true));
        Assert.Equal(GnttabStatus.BadGntref, table.Swap(a, 512));
        Assert.Equal(GnttabStatus.BadGntref, table.Swap(512, a));
        Assert.Equal(GnttabStatus.Okay, table.Swap(a, a));
        Assert.Equal(GnttabStatus.Okay, table.Swap(a, b));
        Assert.Equal((GrantFlags.PermitAccess | GrantFlags.Readonly, GrantFlags.PermitAccess), (table.FlagsOf(a), table.FlagsOf(b)));
        var handle = Mapped(b);
        Assert.Equal(GnttabStatus.Eagain, table.Swap(a, b));
        Assert.Equal(GnttabStatus.Eagain, table.Swap(b, a));
        table.Unmap(handle, Mapper, default);
        Assert.Equal(GnttabStatus.Okay, table.Swap(b, a));
    }

    [Fact]
    public void A_page_is_transferred_to_an_entry_that_waits_for_it_from_that_domain()
    {
        var reference = Grant();
        new GrantEntryV1(GrantFlags.AcceptTransfer, new DomId(Mapper), 0x500).WriteTo(table.Entry(reference));
        Assert.Equal(GnttabStatus.GeneralError, table.Transfer(reference, 9, new byte[Gfn.PageSize], true));
        Assert.Equal(GnttabStatus.GeneralError, table.Transfer(512, Mapper, new byte[Gfn.PageSize], true));
        Assert.Equal(GnttabStatus.Okay, table.Transfer(reference, Mapper, new byte[Gfn.PageSize], true));
        Assert.Equal(GrantFlags.AcceptTransfer | GrantFlags.TransferCommitted | GrantFlags.TransferCompleted, table.FlagsOf(reference));
        Assert.NotNull(table.Memory.Find(0x500));
        Assert.Equal(GnttabStatus.GeneralError, table.Transfer(reference, Mapper, new byte[Gfn.PageSize], true));
    }

    [Fact]
    public void A_reference_that_is_given_up_while_it_is_mapped_ends_with_its_last_user()
    {
        var reference = Grant();
        var handle = Mapped(reference);
        Assert.Null(table.End(reference));
        table.Defer(reference);
        table.Defer(reference);
        table.HandleDeferred();
        Assert.Equal([reference], table.Deferred);
        table.Unmap(handle, Mapper, default);
        table.HandleDeferred();
        Assert.Empty(table.Deferred);
        Assert.Equal(reference, Grant());
    }
}
