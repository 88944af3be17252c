using XenActors.Simulation;

namespace XenActors.DeviceModel.Ide;

/// <summary>
/// One IDE channel: two drives on one cable, the task file at 0x1f0 or 0x170, the control register at 0x3f6 or 0x376, and half of the bus
/// master. A pure machine: a port access goes in, a value comes out, and what the world has to do meanwhile (disk, guest memory, interrupt
/// line) is left to be taken by the device model. Source: QEMU hw/ide/core.c and hw/ide/pci.c.
/// </summary>
[Codec]
public sealed partial class IdeChannel
{
    /// <summary>0 or 1.</summary>
    public int Number { get; set; }

    public IdeDevice Master { get; private set; } = new();

    public IdeDevice Slave { get; private set; } = new();

    public IdeBusMaster BusMaster { get; private set; } = new();

    /// <summary>Which of the two the device register has selected.</summary>
    public int Unit { get; private set; }

    /// <summary>The device control register.</summary>
    public byte Control { get; private set; }

    /// <summary>INTRQ.</summary>
    public bool Interrupt { get; private set; }

    /// <summary>Changes of the interrupt line that nobody has taken yet, in order.</summary>
    public List<bool> Line { get; private set; } = [];

    /// <summary>Bytes for the guest's memory, to be stored before the line is looked at.</summary>
    public List<IdeStore> Stores { get; private set; } = [];

    /// <summary>What the channel waits for; null when for nothing.</summary>
    public IdeWork? Work { get; private set; }

    /// <summary>Of the work; an answer to an older one is nobody's.</summary>
    public long WorkSerial { get; private set; }

    /// <summary>A reset was asked for while a bus-master transfer was on its way; it comes after it.</summary>
    public bool ResetPending { get; private set; }

    /// <summary>The guest has stopped the bus master in the middle of a transfer.</summary>
    public bool StopPending { get; private set; }

    public IdeExits Exits { get; private set; } = new();

    public IdeDevice Selected => Unit == 0 ? Master : Slave;

    /// <summary>An access to a register must wait for the transfer's end, as QEMU drains the drive within the access.</summary>
    public bool Draining => (ResetPending || StopPending) && Work is not null;

    private bool Empty => Master.Drive is null && Slave.Drive is null;

    // A place without a drive answers with zeroes, except the master's next to a slave.
    private bool Absent => Empty || (Unit == 1 && Slave.Drive is null);

    /// <summary>One byte of the command block, from offset 0 to 7.</summary>
    public byte Read(int register)
    {
        var (device, hob) = (Selected, (Control & AtaRegister.ControlHob) != 0);
        switch (register)
        {
            case AtaRegister.Data:
                return 0xFF;
            case AtaRegister.Feature:
                return Absent ? (byte)0 : hob ? device.HobFeature : device.Error;
            case AtaRegister.Count:
                return Empty ? (byte)0 : hob ? device.HobCount : (byte)(device.Count & 0xFF);
            case AtaRegister.LbaLow:
                return Empty ? (byte)0 : hob ? device.HobLbaLow : device.LbaLow;
            case AtaRegister.LbaMid:
                return Empty ? (byte)0 : hob ? device.HobLbaMid : device.LbaMid;
            case AtaRegister.LbaHigh:
                return Empty ? (byte)0 : hob ? device.HobLbaHigh : device.LbaHigh;
            case AtaRegister.Device:
                return Empty ? (byte)0 : device.Select;
            default:
                Lower();
                return AlternateStatus;
        }
    }

    /// <summary>The status, without lowering the interrupt line.</summary>
    public byte AlternateStatus => Absent ? (byte)0 : Selected.Status;

    public void Write(int register, byte value)
    {
        if (register != AtaRegister.Command && Selected.IsBusy)
        {
            return;
        }

        // Every write ends the view of the HOB registers.
        Control &= unchecked((byte)~AtaRegister.ControlHob);
        if (register == AtaRegister.Command)
        {
            Lower();
            Execute(value);
            return;
        }

        // Both drives hear what is written.
        Latch(Master, register, value);
        Latch(Slave, register, value);
        if (register == AtaRegister.Device)
        {
            Unit = (value & AtaRegister.DeviceSlave) != 0 ? 1 : 0;
        }
    }

    public void WriteControl(byte value)
    {
        var reset = (Control & AtaRegister.ControlReset) == 0 && (value & AtaRegister.ControlReset) != 0;
        Control = value;
        if (reset)
        {
            Master.Status |= AtaStatus.Busy;
            Slave.Status |= AtaStatus.Busy;
            ResetPending = true;
            Exits.Issue(IdeExits.SoftwareReset);
            PerformReset();
        }
    }

    /// <summary>The machine's reset: the PCI controller was reset, or hvmloader has not run yet.</summary>
    public void ResetBus()
    {
        Abandon();
        (Unit, Control, ResetPending, StopPending) = (0, 0, false, false);
        Master.Reset();
        Slave.Reset();
        BusMaster.Reset();
    }

    private static void Latch(IdeDevice device, int register, byte value)
    {
        switch (register)
        {
            case AtaRegister.Feature:
                (device.HobFeature, device.Feature) = (device.Feature, value);
                break;
            case AtaRegister.Count:
                (device.HobCount, device.Count) = ((byte)(device.Count & 0xFF), value);
                break;
            case AtaRegister.LbaLow:
                (device.HobLbaLow, device.LbaLow) = (device.LbaLow, value);
                break;
            case AtaRegister.LbaMid:
                (device.HobLbaMid, device.LbaMid) = (device.LbaMid, value);
                break;
            case AtaRegister.LbaHigh:
                (device.HobLbaHigh, device.LbaHigh) = (device.LbaHigh, value);
                break;
            case AtaRegister.Device:
                device.Select = (byte)(value | AtaRegister.DeviceObsolete);
                break;
        }
    }

    // SRST: both drives, after what the bus master still moves.
    private void PerformReset()
    {
        Master.StopTransfer();
        Slave.StopTransfer();
        CancelTransfer();
        if (Work is { Dma: true })
        {
            return;
        }

        // QEMU up to 8.1 kept a transfer that was prepared and not started: the guest could start it over other sectors (CVE-2023-5088).
        Abandon();
        BusMaster.Prepare(IdeDmaKind.None, 0);
        ResetPending = false;
        foreach (var device in (ReadOnlySpan<IdeDevice>)[Master, Slave])
        {
            device.Reset();
            Diagnose(device);
        }

        Control &= unchecked((byte)~AtaRegister.ControlReset);
    }

    private IdeDevice DeviceAt(int unit) => unit == 0 ? Master : Slave;

    private void Raise()
    {
        if ((Control & AtaRegister.ControlNoInterrupt) == 0)
        {
            BusMaster.Status |= IdeBusMaster.Interrupt;
            if (!Interrupt)
            {
                Interrupt = true;
                Line.Add(true);
            }
        }
    }

    private void Lower()
    {
        if (Interrupt)
        {
            Interrupt = false;
            Line.Add(false);
        }
    }

    private void Begin(IdeWork work)
    {
        Work = work;
        WorkSerial++;
    }

    // The answer to what is on its way is nobody's.
    private void Abandon()
    {
        Work = null;
        WorkSerial++;
    }
}
