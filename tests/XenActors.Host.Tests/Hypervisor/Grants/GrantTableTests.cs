using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;

namespace XenActors.Tests.Hypervisor;

public sealed class GrantTableTests
{
    private readonly GrantTable _table = new();

    public GrantTableTests() => _table.TrackOf(0).AddFrame(0);

    private uint Grant(bool readOnly = false, ushort to = 0)
    {
        Assert.True(_table.Grant(to, new byte[Gfn.PageSize], readOnly, false, ActorRef.None, out var reference));
        return reference;
    }

    [Fact]
    public void The_first_reference_follows_the_eight_reserved_ones() => Assert.Equal(8u, Grant());

    [Fact]
    public void A_domain_that_the_entry_does_not_name_cannot_map_it() =>
        Assert.Equal(GnttabStatus.GeneralError, _table.Map(Grant(to: 3), 0, readOnly: false, out _));

    [Fact]
    public void A_reference_beyond_the_table_is_a_bad_reference() =>
        Assert.Equal(GnttabStatus.BadGntref, _table.Map(GrantTable.EntriesMax, 0, readOnly: true, out _));

    [Fact]
    public void A_read_only_entry_maps_only_for_reading()
    {
        var reference = Grant(readOnly: true);
        Assert.Equal(GnttabStatus.GeneralError, _table.Map(reference, 0, readOnly: false, out _));
        Assert.Equal(GnttabStatus.Okay, _table.Map(reference, 0, readOnly: true, out _));
    }

    [Fact]
    public void An_entry_cannot_be_ended_while_it_is_mapped()
    {
        var reference = Grant();
        _table.Map(reference, 0, readOnly: false, out var handle);
        Assert.Null(_table.End(reference));
        Assert.Equal(GnttabStatus.Okay, _table.Unmap(handle, 0, default));
        Assert.NotNull(_table.End(reference));
    }

    [Fact]
    public void What_was_written_through_a_mapping_is_in_the_page_after_unmap()
    {
        var reference = Grant();
        _table.Map(reference, 0, readOnly: false, out var handle);
        var written = new byte[Gfn.PageSize];
        written[511] = 0xAA;
        _table.Unmap(handle, 0, written);
        Assert.Equal(0xAA, _table.End(reference)![511]);
    }

    [Fact]
    public void A_read_only_mapping_changes_nothing()
    {
        var reference = Grant();
        _table.Map(reference, 0, readOnly: true, out var handle);
        var written = new byte[Gfn.PageSize];
        written[0] = 1;
        _table.Unmap(handle, 0, written);
        Assert.Equal(0, _table.End(reference)![0]);
    }

    [Fact]
    public void A_handle_works_once_and_for_its_owner_only()
    {
        var reference = Grant();
        _table.Map(reference, 0, readOnly: false, out var handle);
        Assert.Equal(GnttabStatus.BadHandle, _table.Unmap(handle, 7, default));
        Assert.Equal(GnttabStatus.Okay, _table.Unmap(handle, 0, default));
        Assert.Equal(GnttabStatus.BadHandle, _table.Unmap(handle, 0, default));
    }

    [Fact]
    public void A_full_table_grants_nothing_more()
    {
        for (var i = GrantTable.Reserved; i < GrantTable.EntriesMax; i++)
        {
            _table.Grant(0, [], false, false, ActorRef.None, out _);
        }

        Assert.False(_table.Grant(0, [], false, false, ActorRef.None, out _));
    }
}
