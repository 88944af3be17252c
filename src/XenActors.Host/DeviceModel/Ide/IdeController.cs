using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Toolstack.Xl;

namespace XenActors.DeviceModel.Ide;

/// <summary>PIIX3's IDE function: two channels at the old fixed ports, and a bus master at BAR 4 (QEMU hw/ide/piix.c, hw/ide/ioport.c).</summary>
[Codec]
public sealed partial class IdeController
{
    private const int DrivesMax = 4;
    private const int BarLength = 16;

    /// <summary>An ioreq moves no more than a page.</summary>
    private const int StringMax = 4096;

    public IdeChannel Primary { get; private set; } = new();

    public IdeChannel Secondary { get; private set; } = new() { Number = 1 };

    /// <summary>Where BAR 4 is; 0 while it is nowhere.</summary>
    public ushort BusMaster { get; set; }

    /// <summary>Whole disks of the hd names; the others are for PV drivers alone.</summary>
    public static IdeController Build(GuestPlan plan, string revision, bool trim)
    {
        var controller = new IdeController();
        foreach (var disk in plan.Disks)
        {
            var device = VirtualDevice.FromNumber(disk.Number);
            if (device is { Family: VirtualDeviceFamily.Hd, Partition: 0, Disk: < DrivesMax })
            {
                controller.Plug(new()
                {
                    Channel = (byte)(device.Disk / 2),
                    Drive = (byte)(device.Disk % 2),
                    Cdrom = disk.Cdrom,
                    Volume = disk.Volume,
                    Sectors = disk.Sectors,
                    Revision = revision,
                    Trim = trim,
                });
            }
        }

        return controller;
    }

    public void Plug(IdeDrive drive)
    {
        var device = DeviceAt(drive.Channel, drive.Drive);
        device.Drive = drive;
        device.Reset();
    }

    public IdeChannel Channel(int number) => number == 0 ? Primary : Secondary;

    public IdeDevice DeviceAt(int channel, int unit) => unit == 0 ? Channel(channel).Master : Channel(channel).Slave;

    /// <summary>The channel that has the port; null for none.</summary>
    public IdeChannel? Find(ushort port) => port switch
    {
        (>= 0x1F0 and <= 0x1F7) or 0x3F6 => Primary,
        (>= 0x170 and <= 0x177) or 0x376 => Secondary,
        _ when BusMaster != 0 && port >= BusMaster && port < BusMaster + BarLength => port - BusMaster < 8 ? Primary : Secondary,
        _ => null,
    };

    public uint Read(ushort port, byte size)
    {
        if (Find(port) is not { } channel)
        {
            return PlatformPci.AllOnes(size);
        }

        Count(channel, opens: false);
        return ReadPort(channel, port, size);
    }

    public void Write(ushort port, byte size, uint value)
    {
        if (Find(port) is { } channel)
        {
            Count(channel, Opens(port, value));
            WritePort(channel, port, size, value);
        }
    }

    /// <summary>A string instruction: so many accesses to one port in one ioreq, little-endian.</summary>
    public byte[] ReadString(ushort port, byte size, uint count)
    {
        var data = new byte[StringBytes(size, count)];
        var channel = Find(port);
        if (channel is not null)
        {
            Count(channel, opens: false);
        }

        for (var i = 0; i < data.Length; i += size)
        {
            var value = channel is null ? PlatformPci.AllOnes(size) : ReadPort(channel, port, size);
            for (var j = 0; j < size; j++)
            {
                data[i + j] = (byte)((value >> (8 * j)) & 0xFF);
            }
        }

        return data;
    }

    public void WriteString(ushort port, byte size, byte[] data)
    {
        if (Find(port) is not { } channel)
        {
            return;
        }

        Count(channel, Opens(port, 0));
        for (var i = 0; i + size <= StringBytes(size, (uint)(data.Length / size)); i += size)
        {
            var value = 0u;
            for (var j = 0; j < size; j++)
            {
                value |= (uint)data[i + j] << (8 * j);
            }

            WritePort(channel, port, size, value);
        }
    }

    /// <summary>
    /// Disks leave, CD drives stay; <paramref name="aux"/> spares the primary master. The controller is reset when anything left. False when nothing did.
    /// </summary>
    public bool Unplug(bool aux)
    {
        var any = false;
        for (var i = 0; i < DrivesMax; i++)
        {
            if (Leaves(i, aux))
            {
                DeviceAt(i / 2, i % 2).Drive = null;
                any = true;
            }
        }

        if (any)
        {
            Primary.ResetBus();
            Secondary.ResetBus();
            BusMaster = 0;
        }

        return any;
    }

    /// <summary>The disk in this place, of four, goes with the next unplug.</summary>
    public bool Leaves(int index, bool aux) => DeviceAt(index / 2, index % 2).Drive is { Cdrom: false } && !(aux && index == 0);

    private static int StringBytes(byte size, uint count) => size is 1 or 2 or 4 ? (int)Math.Min(count, StringMax / size) * size : 0;

    // What comes before a command: writes to the task file and to the table's address, interrupts switched off, a reset.
    private bool Opens(ushort port, uint value) => port is (>= 0x1F1 and <= 0x1F6) or (>= 0x171 and <= 0x176)
        || (port is 0x3F6 or 0x376 && (value & (AtaRegister.ControlNoInterrupt | AtaRegister.ControlReset)) != 0)
        || (BusMaster != 0 && port >= BusMaster && port < BusMaster + BarLength && ((port - BusMaster) & 4) != 0);

    private static void Count(IdeChannel channel, bool opens) => channel.Exits.Access(opens, channel.Selected.IsBusy);

    private uint ReadPort(IdeChannel channel, ushort port, byte size)
    {
        if (port is 0x3F6 or 0x376)
        {
            return Narrow(channel.AlternateStatus, size, last: true, 0);
        }

        if (port is not ((>= 0x1F0 and <= 0x1F7) or (>= 0x170 and <= 0x177)))
        {
            return ReadBusMaster(port - BusMaster, size);
        }

        var register = port & 7;
        if (register == AtaRegister.Data && size is 2 or 4)
        {
            return channel.ReadData(size);
        }

        // There are no wide registers but the data one: a word is two bytes, a dword is nothing.
        if (size == 4)
        {
            return uint.MaxValue;
        }

        var low = channel.Read(register);
        return Narrow(low, size, register == AtaRegister.Command, size == 2 && register != AtaRegister.Command ? channel.Read(register + 1) : (byte)0);
    }

    private static uint Narrow(byte low, byte size, bool last, byte high) => size switch
    {
        1 => low,
        2 => low | (last ? 0xFF00u : (uint)high << 8),
        _ => uint.MaxValue,
    };

    private void WritePort(IdeChannel channel, ushort port, byte size, uint value)
    {
        if (port is 0x3F6 or 0x376)
        {
            if (size < 4)
            {
                channel.WriteControl((byte)(value & 0xFF));
            }

            return;
        }

        if (port is not ((>= 0x1F0 and <= 0x1F7) or (>= 0x170 and <= 0x177)))
        {
            WriteBusMaster(port - BusMaster, size, value);
            return;
        }

        var register = port & 7;
        if (register == AtaRegister.Data && size is 2 or 4)
        {
            channel.WriteData(size, value);
        }
        else if (size < 4 && register != AtaRegister.Data)
        {
            channel.Write(register, (byte)(value & 0xFF));
            if (size == 2 && register != AtaRegister.Command)
            {
                channel.Write(register + 1, (byte)((value >> 8) & 0xFF));
            }
        }
    }

    // An access that is not aligned, or goes beyond a register, is cut into ones that do not.
    private uint ReadBusMaster(int offset, int size)
    {
        var value = 0u;
        for (var done = 0; done < size;)
        {
            var part = Part(offset + done, size - done);
            var read = offset + done >= BarLength ? uint.MaxValue : ReadBusMasterPart(offset + done, part);
            value |= (part == 4 ? read : read & ((1u << (8 * part)) - 1)) << (8 * done);
            done += part;
        }

        return value;
    }

    private uint ReadBusMasterPart(int offset, int size)
    {
        var master = Channel(offset >> 3).BusMaster;
        return (offset & 4) != 0 ? master.Address >> (8 * (offset & 3))
            : size != 1 ? uint.MaxValue
            : (offset & 3) switch { 0 => master.Command, 2 => master.Status, _ => 0xFF };
    }

    private void WriteBusMaster(int offset, int size, uint value)
    {
        for (var done = 0; done < size && offset + done < BarLength;)
        {
            var part = Part(offset + done, size - done);
            WriteBusMasterPart(offset + done, part, value >> (8 * done));
            done += part;
        }
    }

    private void WriteBusMasterPart(int offset, int size, uint value)
    {
        var channel = Channel(offset >> 3);
        if ((offset & 4) != 0)
        {
            var (shift, mask) = (8 * (offset & 3), size == 4 ? uint.MaxValue : (1u << (8 * size)) - 1);
            var kept = channel.BusMaster.Address & ~(mask << shift);
            channel.BusMaster.Address = kept | (((value & mask) << shift) & ~3u);
        }
        else if (size == 1 && (offset & 3) == 0)
        {
            channel.WriteBusMasterCommand((byte)(value & 0xFF));
        }
        else if (size == 1 && (offset & 3) == 2)
        {
            channel.WriteBusMasterStatus((byte)(value & 0xFF));
        }
    }

    private static int Part(int offset, int size)
    {
        var part = 4;
        while (part > size || offset % part != 0)
        {
            part /= 2;
        }

        return part;
    }
}
