namespace XenActors.Guest.Boot;

/// <summary>
/// Names and numbers of emulated IDE drives: <c>sda</c> and <c>sr0</c> with libata, <c>hda</c> and <c>hdc</c> with the old IDE layer.
/// </summary>
internal static class AtaNames
{
    private const int IdeMinors = 64;
    private const int ScsiMinors = 16;

    public static bool HasIde(KernelProfile profile) => profile.Has("ide-names");

    public static string Ide(AtaDrive drive) => "hd" + (char)('a' + (drive.Channel * 2) + drive.Position);

    public static (string Name, int Major, int Minor, int Minors, string Driver) Of(KernelProfile profile, AtaDrive drive, int index) =>
        HasIde(profile) ? (Ide(drive), drive.Channel == 0 ? 3 : 22, drive.Position * IdeMinors, drive.Packet ? 1 : IdeMinors, "ide")
        : drive.Packet ? ($"sr{index}", 11, index, 1, "sr")
        : ("sd" + (char)('a' + index), 8, index * ScsiMinors, ScsiMinors, "sd");
}
