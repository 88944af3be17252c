namespace XenActors.DeviceModel.Ide;

/// <summary>The command block's registers by their offset from 0x1f0 or 0x170 (ATA/ATAPI-6, 7).</summary>
public static class AtaRegister
{
    public const int Data = 0;

    /// <summary>Error when read, features when written.</summary>
    public const int Feature = 1;

    public const int Count = 2;
    public const int LbaLow = 3;
    public const int LbaMid = 4;
    public const int LbaHigh = 5;
    public const int Device = 6;

    /// <summary>Status when read, command when written.</summary>
    public const int Command = 7;

    public const byte DeviceSlave = 0x10;
    public const byte DeviceLba = 0x40;

    /// <summary>Bits 7 and 5, which are obsolete and always set.</summary>
    public const byte DeviceObsolete = 0xA0;

    /// <summary>Device control: nIEN, SRST, HOB.</summary>
    public const byte ControlNoInterrupt = 0x02;
    public const byte ControlReset = 0x04;
    public const byte ControlHob = 0x80;
}

/// <summary>Bits of the status register.</summary>
public static class AtaStatus
{
    public const byte Error = 0x01;
    public const byte DataRequest = 0x08;
    public const byte SeekComplete = 0x10;
    public const byte Ready = 0x40;
    public const byte Busy = 0x80;
}

/// <summary>Bits of the error register.</summary>
public static class AtaError
{
    public const byte Abort = 0x04;
    public const byte MediaChanged = 0x20;
}
