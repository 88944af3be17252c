using FsCheck;
using FsCheck.Fluent;
using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.Tests.Hypervisor.Properties;

namespace XenActors.Tests.Hypervisor;

/// <summary>One step of a random history of a grant table.</summary>
public readonly record struct GrantStep(int Kind, int Which, int Value);

/// <summary>
/// Random histories against the simplest model of grants: a list of entries, a list of mappings, and the rules in words. Statuses, pin
/// counts, marks and contents are the same, in both versions.
/// </summary>
public sealed class GrantPropertyTests
{
    private static readonly Gen<GrantStep[]> Histories = Gen.ArrayOf(
        from kind in Gen.Frequency(
            (3, Gen.Constant(0)), (6, Gen.Constant(1)), (5, Gen.Constant(2)), (2, Gen.Constant(3)), (3, Gen.Constant(4)), (3, Gen.Constant(5)),
            (1, Gen.Constant(6)))
        from which in Gen.Choose(0, 30)
        from value in Gen.Choose(0, 255)
        select new GrantStep(kind, which, value), 150);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Entries_pins_marks_and_contents_are_the_models(int version) =>
        Found.Nothing(Histories, 400, history => new History((uint)version).Play(history));

    [Fact]
    public void A_page_that_is_given_back_while_it_is_mapped_is_found_out() =>
        Assert.NotNull(Found.First(Histories, 200, history => new History(1) { EndsInUse = true }.Play(history)));

    private sealed record Granted(uint Ref, ushort To, bool ReadOnly)
    {
        public byte Content { get; set; }

        public List<Held> Users { get; } = [];

        public bool Revoked { get; set; }
    }

    private sealed record Held(uint Handle, ushort By, bool ReadOnly);

    private sealed class History
    {
        private static readonly ushort[] Domains = [0, 3, 9];
        private readonly GrantTable table = new();
        private readonly uint version;

        // The reference.
        private readonly List<Granted> granted = [];

        public History(uint version)
        {
            this.version = version;
            Assert.Equal(XenErrno.None, table.SetVersion(version));
            for (var i = 0u; i < Domains.Length; i++)
            {
                table.TrackOf(Domains[i]).AddFrame(i);
            }
        }

        public bool EndsInUse { get; init; }

        public string? Play(GrantStep[] history)
        {
            foreach (var step in history)
            {
                if ((Do(step) ?? Check()) is { } wrong)
                {
                    return $"{wrong} at {step}";
                }
            }

            return null;
        }

        private string? Do(GrantStep step)
        {
            var entry = granted.Count == 0 ? null : granted[step.Which % granted.Count];
            var by = Domains[step.Value % Domains.Length];
            var readOnly = step.Value % 2 == 0;
            return step.Kind switch
            {
                0 => Grant(by, step.Value % 4 == 0),
                1 when entry is not null => Map(entry, by, readOnly),
                2 when entry is not null && entry.Users.Count > 0 => Unmap(entry, entry.Users[step.Value % entry.Users.Count], (byte)step.Value),
                3 when entry is not null => End(entry),
                4 when entry is not null => CopyIn(entry, by, (byte)step.Value),
                5 when entry is not null => CopyOut(entry, by),
                6 => table.Unmap(200 + (uint)step.Which, by, default) == GnttabStatus.BadHandle ? null : "a handle out of nowhere was unmapped",
                _ => null,
            };
        }

        private string? Grant(ushort to, bool readOnly)
        {
            if (granted.Count >= 40)
            {
                return null;
            }

            Assert.True(table.Grant(to, new byte[Gfn.PageSize], readOnly, false, new ActorRef(1, 1), out var reference));
            if (granted.Exists(g => g.Ref == reference))
            {
                return $"reference {reference} was given out twice";
            }

            granted.Add(new Granted(reference, to, readOnly));
            return null;
        }

        private string? Map(Granted entry, ushort by, bool readOnly)
        {
            var status = table.Map(entry.Ref, by, readOnly, out var handle);
            var expected = Expected(entry, by, readOnly);
            if (status == GnttabStatus.Okay)
            {
                entry.Users.Add(new Held(handle, by, readOnly));
            }

            return status == expected ? null : $"mapping {entry.Ref} gave {status}, expected {expected}";
        }

        private string? Unmap(Granted entry, Held user, byte value)
        {
            if (table.Unmap(user.Handle, (ushort)(user.By + 1), default) != GnttabStatus.BadHandle)
            {
                return "another domain has unmapped it";
            }

            var page = new byte[Gfn.PageSize];
            page[0] = value;
            if (table.Unmap(user.Handle, user.By, page) != GnttabStatus.Okay)
            {
                return $"handle {user.Handle} could not be unmapped";
            }

            entry.Content = user.ReadOnly ? entry.Content : value;
            entry.Users.Remove(user);
            return table.Unmap(user.Handle, user.By, page) == GnttabStatus.BadHandle ? null : $"handle {user.Handle} was unmapped twice";
        }

        private string? End(Granted entry)
        {
            var page = table.End(entry.Ref);
            var free = entry.Users.Count == 0 || EndsInUse;

            // Version 2 first forbids new users, then looks for old ones.
            entry.Revoked |= version == 2;
            if (page is not null != free)
            {
                return $"ending {entry.Ref} with {entry.Users.Count} users gave {(page is null ? "nothing" : "a page")}";
            }

            if (page is not null)
            {
                granted.Remove(entry);
            }

            return null;
        }

        private string? CopyIn(Granted entry, ushort by, byte value)
        {
            var status = table.CopyTo(entry.Ref, by, 0, [value]);
            var expected = Expected(entry, by, readOnly: false);
            entry.Content = status == GnttabStatus.Okay ? value : entry.Content;
            return status == expected ? null : $"copying to {entry.Ref} gave {status}, expected {expected}";
        }

        private string? CopyOut(Granted entry, ushort by)
        {
            var got = new byte[1];
            var status = table.CopyFrom(entry.Ref, by, 0, got);
            var expected = Expected(entry, by, readOnly: true);
            return status != expected ? $"copying from {entry.Ref} gave {status}, expected {expected}"
                : status == GnttabStatus.Okay && got[0] != entry.Content ? $"{entry.Ref} has {got[0]}, expected {entry.Content}" : null;
        }

        // An entry in use knows its user; one that is not must name him. For writing it must never be read-only.
        private GnttabStatus Expected(Granted entry, ushort by, bool readOnly)
        {
            var writers = entry.Users.Count(u => !u.ReadOnly);
            var sameKind = entry.Users.Count(u => u.ReadOnly == readOnly);
            var inUse = entry.Users.Count > 0;
            if (entry.To != by || sameKind >= GrantPin.Max || (!inUse && entry.Revoked))
            {
                return GnttabStatus.GeneralError;
            }

            return !readOnly && entry.ReadOnly && !entry.Revoked && writers == 0 ? GnttabStatus.GeneralError : GnttabStatus.Okay;
        }

        private string? Check()
        {
            foreach (var entry in granted)
            {
                var writers = entry.Users.Count(u => !u.ReadOnly);
                var pin = (uint)(writers + ((entry.Users.Count - writers) << 8));
                var marks = (entry.Users.Count > 0 ? GrantFlags.Reading : 0) | (writers > 0 ? GrantFlags.Writing : 0);
                if (table.ActiveOf(entry.Ref).Pin != pin || table.Status(entry.Ref) != marks)
                {
                    return $"entry {entry.Ref} has pins {table.ActiveOf(entry.Ref).Pin:x} and marks {table.Status(entry.Ref)}, expected {pin:x} and {marks}";
                }
            }

            var live = granted.Sum(g => g.Users.Count);
            return table.Mappings.Count == live ? null : $"{table.Mappings.Count} mappings are live, expected {live}";
        }
    }
}
