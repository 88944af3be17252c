using XenActors.Machine;
using XenActors.Toolstack.Libxl;

namespace XenActors.DeviceModel;

/// <summary>Which devices a guest's machine has: the chipset's functions, then the profile's order from slot 2 on.</summary>
internal static class PciMachine
{
    // QEMU's own subsystem id for devices without one.
    private const uint QemuSubsystem = 0x11001af4;
    private const uint XenSubsystem = 0x00015853;
    private const int SlotsEnd = 32;

    public static PciBus Build(GuestPlan plan, HostProfile host)
    {
        var bus = new PciBus();
        Chipset(bus, plan);
        var slot = 2;
        foreach (var kind in host.DeviceModel.PciOrder)
        {
            slot = kind switch
            {
                "platform" => plan.PlatformDevice ? Add(bus, Platform(slot), slot) : slot,
                "vga" => plan.Vga == "none" ? slot : Add(bus, Vga(plan.Vga, slot), slot),
                _ => Nics(bus, plan, slot),
            };
        }

        bus.AssignAddresses();
        return bus;
    }

    private static void Chipset(PciBus bus, GuestPlan plan)
    {
        Add(bus, new()
        {
            Devfn = 0x00, Vendor = 0x8086, Device = 0x1237, ClassRevision = 0x06000002, Role = PciRole.Chipset, Subsystem = QemuSubsystem,
        }, 0);
        Add(bus, new()
        {
            Devfn = 0x08, Vendor = 0x8086, Device = 0x7000, ClassRevision = 0x06010000, Role = PciRole.Chipset, MultiFunction = true,
            Subsystem = QemuSubsystem,
        }, 1);
        Add(bus, new()
        {
            Devfn = 0x09, Vendor = 0x8086, Device = 0x7010, ClassRevision = 0x01018000, Role = PciRole.Ide, Subsystem = QemuSubsystem,
            Bars = { Io(4, 0x10) },
        }, 1);
        if (plan.Usb)
        {
            Add(bus, new()
            {
                Devfn = 0x0a, Vendor = 0x8086, Device = 0x7020, ClassRevision = 0x0c030001, Role = PciRole.Usb, Pin = 4,
                Subsystem = QemuSubsystem, Bars = { Io(4, 0x20) },
            }, 1);
        }

        Add(bus, new()
        {
            Devfn = 0x0b, Vendor = 0x8086, Device = 0x7113, ClassRevision = 0x06800003, Role = PciRole.Chipset, Pin = 1, Subsystem = QemuSubsystem,
        }, 1);
    }

    private static PciDevice Platform(int slot) => new()
    {
        Devfn = Devfn(slot), Vendor = 0x5853, Device = 0x0001, ClassRevision = 0xff800001, Role = PciRole.Platform, Pin = 1,
        Subsystem = XenSubsystem, Bars = { Io(0, 0x100), Memory(1, 0x1000000, true) },
    };

    private static PciDevice Vga(string kind, int slot) => kind == "cirrus"
        ? new()
        {
            Devfn = Devfn(slot), Vendor = 0x1013, Device = 0x00b8, ClassRevision = 0x03000000, Role = PciRole.Vga, Subsystem = QemuSubsystem,
            Bars = { Memory(0, 0x2000000, true), Memory(1, 0x1000, false), Memory(PciBar.RomIndex, 0x10000, false) },
        }
        : new()
        {
            Devfn = Devfn(slot), Vendor = kind == "qxl" ? (ushort)0x1b36 : (ushort)0x1234, Device = kind == "qxl" ? (ushort)0x0100 : (ushort)0x1111,
            ClassRevision = 0x03000002, Role = PciRole.Vga, Subsystem = QemuSubsystem,
            Bars = { Memory(0, 0x1000000, true), Memory(2, 0x1000, false), Memory(PciBar.RomIndex, 0x10000, false) },
        };

    private static int Nics(PciBus bus, GuestPlan plan, int slot)
    {
        foreach (var nic in plan.Nics)
        {
            if (nic.Emulated && slot < SlotsEnd)
            {
                slot = Add(bus, Nic(nic.Model, slot), slot);
            }
        }

        return slot;
    }

    private static PciDevice Nic(string model, int slot)
    {
        var (vendor, device, ram, io) = model switch
        {
            "e1000" => ((ushort)0x8086, (ushort)0x100e, 0x20000u, 0x40u),
            "ne2k_pci" => ((ushort)0x10ec, (ushort)0x8029, 0u, 0x100u),
            "virtio-net" or "virtio-net-pci" => ((ushort)0x1af4, (ushort)0x1000, 0x1000u, 0x20u),
            _ => ((ushort)0x10ec, (ushort)0x8139, 0x100u, 0x100u),
        };
        var e1000 = model == "e1000";
        var nic = new PciDevice
        {
            Devfn = Devfn(slot), Vendor = vendor, Device = device, ClassRevision = e1000 ? 0x02000003u : 0x02000020u, Role = PciRole.Nic, Pin = 1,
            Subsystem = QemuSubsystem, Bars = { Io(e1000 ? 1 : 0, io), Memory(PciBar.RomIndex, 0x40000, false) },
        };
        if (ram > 0)
        {
            nic.Bars.Add(Memory(e1000 ? 0 : 1, ram, false));
        }

        return nic;
    }

    private static int Add(PciBus bus, PciDevice device, int slot)
    {
        bus.Devices.Add(device.Devfn, device);
        return slot + 1;
    }

    private static byte Devfn(int slot) => (byte)(slot << 3);

    private static PciBar Io(int index, uint size) => new() { Index = index, Size = size, Io = true, Prefetchable = false };

    private static PciBar Memory(int index, uint size, bool prefetchable) =>
        new() { Index = index, Size = size, Io = false, Prefetchable = prefetchable };
}
