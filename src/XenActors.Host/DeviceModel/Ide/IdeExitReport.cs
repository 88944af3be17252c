namespace XenActors.DeviceModel.Ide;

/// <summary>How many exits the commands of one kind took on one channel.</summary>
/// <param name="Channel"><c>ide0</c> or <c>ide1</c>.</param>
/// <param name="Command">Its name in the standard; a packet command's behind <c>PACKET</c>.</param>
public sealed record IdeExitRow(string Channel, string Command, long Commands, long Exits)
{
    public double PerCommand => Commands == 0 ? 0 : (double)Exits / Commands;
}

/// <summary>A read model: exits by device and command, from the controller's own counts.</summary>
public static class IdeExitReport
{
    /// <summary>Rows by channel and command code.</summary>
    public static IReadOnlyList<IdeExitRow> Of(IdeController controller)
    {
        var rows = new List<IdeExitRow>();
        foreach (var channel in (ReadOnlySpan<IdeChannel>)[controller.Primary, controller.Secondary])
        {
            foreach (var (command, count) in channel.Exits.Report())
            {
                var name = command switch
                {
                    IdeExits.SoftwareReset => "software reset",
                    > byte.MaxValue => $"PACKET {AtapiCommands.Name((byte)(command & 0xFF))}",
                    _ => AtaCommandCode.Name((byte)command),
                };
                rows.Add(new($"ide{channel.Number}", name, count.Commands, count.Exits));
            }
        }

        return rows;
    }
}
