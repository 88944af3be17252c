using XenActors.Simulation;

namespace XenActors.DeviceModel;

/// <summary>Bus 0 as the guest's enumeration finds it: QEMU's i440FX machine, with addresses as hvmloader gives them out.</summary>
[Codec]
public sealed partial class PciBus
{
    private const uint IoBase = 0xc000;
    private const uint MemoryBase = 0xf0000000;

    /// <summary>By slot and function.</summary>
    public SortedDictionary<byte, PciDevice> Devices { get; private set; } = [];

    /// <summary>What a read of a register gives; an absent device reads as all ones.</summary>
    public uint Read(byte devfn, byte register) => Devices.TryGetValue(devfn, out var device)
        ? device.Dword(register & 0xfc) >> (8 * (register & 3))
        : 0xffffffff;

    public void Write(byte devfn, byte register, byte size, uint value)
    {
        if (Devices.TryGetValue(devfn, out var device))
        {
            device.Write(register, size, value);
        }
    }

    /// <summary>Where a device answers to I/O at a base address; 0 when it does not.</summary>
    public ushort IoBaseOf(PciRole role, int index)
    {
        var device = Find(role);
        var bar = device?.Bars.Find(b => b.Index == index && b.Io);
        return bar is null || (device!.Command & PciDevice.IoEnabled) == 0 || bar.Base > ushort.MaxValue ? (ushort)0 : (ushort)bar.Base;
    }

    public PciDevice? Find(PciRole role)
    {
        foreach (var device in Devices.Values)
        {
            if (device.Role == role)
            {
                return device;
            }
        }

        return null;
    }

    /// <summary>All functions of a role, in the order of their slots.</summary>
    public IEnumerable<PciDevice> All(PciRole role)
    {
        foreach (var device in Devices.Values)
        {
            if (device.Role == role)
            {
                yield return device;
            }
        }
    }

    /// <summary>The emulated cards leave the bus. False when none was there.</summary>
    public bool RemoveNics()
    {
        List<byte> gone = [];
        foreach (var (devfn, device) in Devices)
        {
            if (device.Role == PciRole.Nic)
            {
                gone.Add(devfn);
            }
        }

        foreach (var devfn in gone)
        {
            Devices.Remove(devfn);
        }

        return gone.Count > 0;
    }

    /// <summary>The IDE controller's reset, which takes its bus-master address away and disables it.</summary>
    public void ResetIde()
    {
        if (Find(PciRole.Ide) is { } ide)
        {
            ide.Command = 0;
            ide.Bars.ForEach(b => b.Base = 0);
        }
    }

    /// <summary>hvmloader's pci_setup: the largest first, in the order of the bus among equals.</summary>
    public void AssignAddresses()
    {
        List<PciBar> bars = [];
        foreach (var device in Devices.Values)
        {
            bars.AddRange(device.Bars);
        }

        var (io, memory) = (IoBase, MemoryBase);
        while (bars.Count > 0)
        {
            var largest = bars[0];
            foreach (var bar in bars)
            {
                largest = bar.Size > largest.Size ? bar : largest;
            }

            bars.Remove(largest);
            ref var next = ref largest.Io ? ref io : ref memory;
            next = (next + largest.Size - 1) & ~(largest.Size - 1);
            largest.Base = next;
            next += largest.Size;
        }
    }
}
