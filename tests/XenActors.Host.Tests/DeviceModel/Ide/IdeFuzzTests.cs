using FsCheck;
using FsCheck.Fluent;
using XenActors.DeviceModel.Ide;

namespace XenActors.Tests.DeviceModel.Ide;

/// <summary>Any guest: any access to any port in any order, with tables and packets that are garbage.</summary>
public sealed class IdeFuzzTests
{
    private static readonly int[] Ports =
    [
        0x1F0, 0x1F1, 0x1F2, 0x1F3, 0x1F4, 0x1F5, 0x1F6, 0x1F7, 0x3F6, 0x170, 0x171, 0x172, 0x173, 0x174, 0x175, 0x176, 0x177, 0x376,
        .. Enumerable.Range(IdeRig.BusMaster, 16),
    ];

    // Commands come up more often than chance has it, so that most sequences get somewhere.
    private static readonly byte[] Commands = [0x06, 0x08, 0x20, 0x24, 0x25, 0x29, 0x30, 0x35, 0x39, 0x90, 0xA0, 0xA1, 0xB0, 0xC4, 0xC5, 0xC6, 0xC8, 0xCA, 0xE7, 0xEC, 0xEF];

    /// <summary>One step: what kind of access, where, how wide, and a value.</summary>
    public sealed record Step(int Kind, int Port, byte Size, uint Value)
    {
        public override string ToString() => $"{Kind}:{Port:x}/{Size}={Value:x}";
    }

    [Fact]
    public void No_sequence_of_accesses_breaks_the_machine_or_leaves_the_disk()
    {
        var size = Gen.Frequency((6, Gen.Constant((byte)1)), (2, Gen.Constant((byte)2)), (2, Gen.Constant((byte)4)), (1, Gen.Choose(0, 255).Select(i => (byte)i)));
        var value = Gen.Frequency(
            (3, Gen.Choose(0, 255).Select(i => (uint)i)), (2, Gen.Elements(Commands).Select(b => (uint)b)), (1, Gen.Choose(int.MinValue, int.MaxValue).Select(i => unchecked((uint)i))));
        var step = from kind in Gen.Choose(0, 9)
                   from port in Gen.Frequency((12, Gen.Elements(Ports)), (4, Gen.Elements(0x1F7, 0x177, IdeRig.BusMaster, IdeRig.BusMaster + 8)), (1, Gen.Choose(0, 0xFFFF)))
                   from width in size
                   from number in value
                   select new Step(kind, port, width, number);
        var property = Prop.ForAll(step.ListOf(150).ToArbitrary(), steps => Run([.. steps]));
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(1_500).WithReplay(0x1DE, 0x7B1));
    }

    private static void Run(Step[] steps)
    {
        var rig = new IdeRig(sectors: 1000, unmap: true) { AtOnce = steps.Length == 0 || steps[0].Value % 3 != 0 };
        for (var i = 0u; i < 4096; i += 8)
        {
            rig.Memory.Write(0x1000 + i, BitConverter.GetBytes(unchecked((i * 2654435761u) ^ ((ulong)i << 40))));
        }

        foreach (var step in steps)
        {
            Do(rig, step);
            foreach (var work in rig.Works)
            {
                var (end, length) = work.Volume.Number == 1 ? (1000UL, work.Count + (ulong)(work.Data.Length / 512)) : (IdeRig.CdSectors, work.Count);
                Assert.True(work.Kind == IdeWorkKind.ReadMemory || work.Sector + length <= end, $"{work} after {step}");
                Assert.True(work.Data.Length <= 256 * 512 && work.Kind != IdeWorkKind.ReadMemory || Total(work) <= 256 * 512, $"{work} is large");
            }

            rig.Works.Clear();
        }

        // Whatever it was: a reset and the machine is as new.
        for (var i = 0; i < 2000 && (rig.Ide.Primary.Work is not null || rig.Ide.Secondary.Work is not null); i++)
        {
            rig.Finish(rig.Ide.Primary.Work is not null ? 0 : 1);
        }

        rig.AtOnce = true;
        rig.Out(0x3F6, 0x00);
        rig.Out(0x3F6, 0x04);
        rig.Out(0x3F6, 0x00);
        rig.Command(0xEC);
        Assert.Equal(0x58, rig.In(0x1F7));
        Assert.Equal(512, rig.InWords(0x1F0, 256).Length);
        Assert.Equal(0x50, rig.In(0x1F7));
    }

    private static long Total(IdeWork work) => work.Extents.Sum(e => (long)e.Length);

    private static void Do(IdeRig rig, Step step)
    {
        switch (step.Kind)
        {
            case <= 4:
                rig.Out(step.Port, step.Value, step.Size);
                break;
            case <= 6:
                rig.In(step.Port, step.Size);
                break;
            case 7:
                rig.Ide.ReadString((ushort)step.Port, step.Size, step.Value);
                break;
            case 8:
                rig.OutWords(step.Port, [.. BitConverter.GetBytes(step.Value), 0, 0, 0, 0, (byte)(step.Value & 3), 0, 1, 0, 0xF8, 0]);
                break;
            default:
                if (rig.Ide.Primary.Work is not null || rig.Ide.Secondary.Work is not null)
                {
                    rig.Finish(rig.Ide.Primary.Work is not null ? 0 : 1);
                }

                break;
        }
    }
}
