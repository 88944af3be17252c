namespace XenActors.DeviceModel.Ide;

/// <summary>Command codes (ATA/ATAPI-7 annex B; QEMU's and Linux' older names in brackets where they differ).</summary>
public static class AtaCommandCode
{
    public const byte Nop = 0x00;
    public const byte DataSetManagement = 0x06;
    public const byte DeviceReset = 0x08;
    public const byte Recalibrate = 0x10;
    public const byte ReadSectors = 0x20;
    public const byte ReadSectorsOnce = 0x21;
    public const byte ReadSectorsExt = 0x24;
    public const byte ReadDmaExt = 0x25;
    public const byte ReadNativeMaxExt = 0x27;
    public const byte ReadMultipleExt = 0x29;
    public const byte WriteSectors = 0x30;
    public const byte WriteSectorsOnce = 0x31;
    public const byte WriteSectorsExt = 0x34;
    public const byte WriteDmaExt = 0x35;
    public const byte WriteMultipleExt = 0x39;
    public const byte WriteVerify = 0x3C;
    public const byte WriteDmaFuaExt = 0x3D;
    public const byte Verify = 0x40;
    public const byte VerifyOnce = 0x41;
    public const byte VerifyExt = 0x42;
    public const byte Seek = 0x70;
    public const byte ExecuteDiagnostic = 0x90;

    /// <summary>INITIALIZE DEVICE PARAMETERS (WIN_SPECIFY).</summary>
    public const byte InitializeParameters = 0x91;

    public const byte StandbyImmediateOld = 0x94;
    public const byte IdleImmediateOld = 0x95;
    public const byte StandbyOld = 0x96;
    public const byte IdleOld = 0x97;
    public const byte CheckPowerModeOld = 0x98;
    public const byte SleepOld = 0x99;
    public const byte Packet = 0xA0;
    public const byte IdentifyPacket = 0xA1;
    public const byte Smart = 0xB0;
    public const byte ReadMultiple = 0xC4;
    public const byte WriteMultiple = 0xC5;
    public const byte SetMultiple = 0xC6;
    public const byte ReadDma = 0xC8;
    public const byte ReadDmaOnce = 0xC9;
    public const byte WriteDma = 0xCA;
    public const byte WriteDmaOnce = 0xCB;
    public const byte StandbyImmediate = 0xE0;
    public const byte IdleImmediate = 0xE1;
    public const byte Standby = 0xE2;
    public const byte Idle = 0xE3;
    public const byte CheckPowerMode = 0xE5;
    public const byte Sleep = 0xE6;
    public const byte FlushCache = 0xE7;
    public const byte FlushCacheExt = 0xEA;
    public const byte Identify = 0xEC;
    public const byte SetFeatures = 0xEF;

    /// <summary>SECURITY FREEZE LOCK (CFA_WEAR_LEVEL).</summary>
    public const byte SecurityFreezeLock = 0xF5;

    public const byte ReadNativeMax = 0xF8;

    /// <summary>The name in the standard; the code where it has none here.</summary>
    public static string Name(byte code) => code switch
    {
        Nop => "NOP",
        DataSetManagement => "DATA SET MANAGEMENT",
        DeviceReset => "DEVICE RESET",
        Recalibrate => "RECALIBRATE",
        ReadSectors or ReadSectorsOnce => "READ SECTORS",
        ReadSectorsExt => "READ SECTORS EXT",
        ReadDmaExt => "READ DMA EXT",
        ReadNativeMaxExt => "READ NATIVE MAX ADDRESS EXT",
        ReadMultipleExt => "READ MULTIPLE EXT",
        WriteSectors or WriteSectorsOnce => "WRITE SECTORS",
        WriteSectorsExt => "WRITE SECTORS EXT",
        WriteDmaExt => "WRITE DMA EXT",
        WriteMultipleExt => "WRITE MULTIPLE EXT",
        WriteVerify => "WRITE VERIFY",
        WriteDmaFuaExt => "WRITE DMA FUA EXT",
        Verify or VerifyOnce => "READ VERIFY SECTORS",
        VerifyExt => "READ VERIFY SECTORS EXT",
        Seek => "SEEK",
        ExecuteDiagnostic => "EXECUTE DEVICE DIAGNOSTIC",
        InitializeParameters => "INITIALIZE DEVICE PARAMETERS",
        Packet => "PACKET",
        IdentifyPacket => "IDENTIFY PACKET DEVICE",
        Smart => "SMART",
        ReadMultiple => "READ MULTIPLE",
        WriteMultiple => "WRITE MULTIPLE",
        SetMultiple => "SET MULTIPLE MODE",
        ReadDma or ReadDmaOnce => "READ DMA",
        WriteDma or WriteDmaOnce => "WRITE DMA",
        StandbyImmediate or StandbyImmediateOld => "STANDBY IMMEDIATE",
        IdleImmediate or IdleImmediateOld => "IDLE IMMEDIATE",
        Standby or StandbyOld => "STANDBY",
        Idle or IdleOld => "IDLE",
        CheckPowerMode or CheckPowerModeOld => "CHECK POWER MODE",
        Sleep or SleepOld => "SLEEP",
        FlushCache => "FLUSH CACHE",
        FlushCacheExt => "FLUSH CACHE EXT",
        Identify => "IDENTIFY DEVICE",
        SetFeatures => "SET FEATURES",
        SecurityFreezeLock => "SECURITY FREEZE LOCK",
        ReadNativeMax => "READ NATIVE MAX ADDRESS",
        _ => $"command 0x{code:x2}",
    };
}
