namespace XenActors.DeviceModel.Ide;

/// <summary>Which commands a disk and a CD drive take, as QEMU's table has it; all others are aborted. NOP is not among them.</summary>
internal static class IdeCommandSet
{
    public static bool Permits(byte command, bool cdrom) => command switch
    {
        AtaCommandCode.ReadSectors or AtaCommandCode.ExecuteDiagnostic or AtaCommandCode.FlushCache or AtaCommandCode.Identify
            or AtaCommandCode.SetFeatures => true,
        AtaCommandCode.DeviceReset or AtaCommandCode.Packet or AtaCommandCode.IdentifyPacket => cdrom,
        AtaCommandCode.DataSetManagement or AtaCommandCode.Recalibrate or AtaCommandCode.ReadSectorsOnce or AtaCommandCode.ReadSectorsExt
            or AtaCommandCode.ReadDmaExt or AtaCommandCode.ReadNativeMaxExt or AtaCommandCode.ReadMultipleExt or AtaCommandCode.WriteSectors
            or AtaCommandCode.WriteSectorsOnce or AtaCommandCode.WriteSectorsExt or AtaCommandCode.WriteDmaExt
            or AtaCommandCode.WriteMultipleExt or AtaCommandCode.WriteVerify or AtaCommandCode.Verify or AtaCommandCode.VerifyOnce
            or AtaCommandCode.VerifyExt or AtaCommandCode.Seek or AtaCommandCode.InitializeParameters or AtaCommandCode.Smart
            or AtaCommandCode.ReadMultiple or AtaCommandCode.WriteMultiple or AtaCommandCode.SetMultiple or AtaCommandCode.ReadDma
            or AtaCommandCode.ReadDmaOnce or AtaCommandCode.WriteDma or AtaCommandCode.WriteDmaOnce or AtaCommandCode.FlushCacheExt
            or AtaCommandCode.SecurityFreezeLock or AtaCommandCode.ReadNativeMax => !cdrom,
        >= AtaCommandCode.StandbyImmediateOld and <= AtaCommandCode.SleepOld => !cdrom,
        >= AtaCommandCode.StandbyImmediate and <= AtaCommandCode.Idle or AtaCommandCode.CheckPowerMode or AtaCommandCode.Sleep => !cdrom,
        _ => false,
    };

    /// <summary>The status shows DSC when the command is over.</summary>
    public static bool SetsSeekComplete(byte command) => command is AtaCommandCode.Recalibrate or AtaCommandCode.ReadNativeMaxExt
        or AtaCommandCode.Verify or AtaCommandCode.VerifyOnce or AtaCommandCode.VerifyExt or AtaCommandCode.Seek
        or AtaCommandCode.InitializeParameters or AtaCommandCode.CheckPowerModeOld or AtaCommandCode.Smart or AtaCommandCode.SetMultiple
        or AtaCommandCode.CheckPowerMode or AtaCommandCode.SetFeatures or AtaCommandCode.SecurityFreezeLock or AtaCommandCode.ReadNativeMax;
}
