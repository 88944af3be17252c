using System.Globalization;
using XenActors.Abi;

namespace XenActors.Hypervisor.Grants;

/// <summary>
/// A domain's entries in use as Xen prints them to its console upon <c>xl debug-keys g</c> (<c>xen/common/grant_table.c</c>,
/// gnttab_usage_print), without the console's marks. There is no machine memory here: the column mfn has the frame that Xen has latched.
/// </summary>
public static class GnttabDump
{
    public static List<string> Lines(GrantTableState state)
    {
        var table = state.Table;
        var lines = new List<string>
        {
            "      -------- active --------       -------- shared --------",
            "[ref] localdom mfn      pin          localdom gmfn     flags",
            Text($"grant-table for remote d{state.Domain} (v{table.Version})"),
            Text($"  {table.Frames.Count} frames ({table.FramesMax} max), {state.MaptrackFrames} maptrack frames ({state.MaptrackFramesMax} max)"),
        };
        var head = lines.Count;
        for (var reference = 0u; reference < table.EntryCount; reference++)
        {
            var active = table.ActiveOf(reference);
            if (active.Pin != 0)
            {
                var flags = table.Version == 1 ? table.FlagsOf(reference) : table.Status(reference);
                lines.Add(Text(
                    $"[0x{reference:x3}]  {active.Domid,5} 0x{active.Frame:x5} 0x{active.Pin:x8}      {table.DomidOf(reference),5} 0x{table.FrameOf(reference):x6} 0x{(ushort)flags:x2}"));
            }
        }

        if (lines.Count == head)
        {
            lines.Add("no active grant table entries");
        }

        return lines;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
