namespace XenActors.DeviceModel.Ide;

/// <summary>Sense keys and additional sense codes (SPC-3, MMC-5).</summary>
public static class AtapiSense
{
    public const byte NoSense = 0;
    public const byte NotReady = 2;
    public const byte IllegalRequest = 5;
    public const byte UnitAttention = 6;

    public const byte IllegalOpcode = 0x20;
    public const byte LogicalBlockOutOfRange = 0x21;
    public const byte InvalidFieldInPacket = 0x24;
    public const byte MediumMayHaveChanged = 0x28;
    public const byte IncompatibleFormat = 0x30;
    public const byte SavingParametersNotSupported = 0x39;
    public const byte MediumNotPresent = 0x3A;
    public const byte DataPhaseError = 0x4B;
    public const byte MediaRemovalPrevented = 0x53;
}
