using XenActors.Experiments;
using XenActors.Experiments.Boot;
using XenActors.Machine;
using XenActors.Xenstore;

namespace XenActors.Cli;

/// <summary>What <c>--print</c> picks from.</summary>
internal static class BootSections
{
    public static readonly IReadOnlyList<string> All =
        ["dmesg", "partitions", "ethtool", "links", "unplugged", "verdict", "xenstore", "xl-list", "states", "topology", "fingerprint"];

    private static readonly IReadOnlyList<string> Usual = ["dmesg", "partitions", "ethtool", "unplugged", "verdict"];

    private static readonly IReadOnlyList<string> UsualPaused = ["xl-list", "states"];

    public static IReadOnlyList<string> Parse(string? list, bool paused)
    {
        if (list is null)
        {
            return paused ? UsualPaused : Usual;
        }

        var sections = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (sections.Length == 0)
        {
            throw new UserErrorException($"--print: expected some of {string.Join(", ", All)} but found nothing");
        }

        foreach (var section in sections)
        {
            if (!All.Contains(section))
            {
                throw new UserErrorException($"--print: expected some of {string.Join(", ", All)} but found {section}");
            }
        }

        return sections;
    }

    public static void Write(XenMachine machine, BootSession session, IReadOnlyList<string> sections, TextWriter output)
    {
        // A section that stands alone is printed as the guest would print it, for tools to read.
        var bare = sections.Count == 1 && machine.Guests.Count == 1;
        var guests = GuestResult.Of(machine, session);
        foreach (var section in sections)
        {
            if (OfHost(section, machine, session) is { } lines)
            {
                WriteSection(section, lines, bare, output);
                continue;
            }

            foreach (var guest in guests)
            {
                var name = machine.Guests.Count == 1 ? "" : $" of {guest.Name}";
                foreach (var (title, text) in OfGuest(section, guest))
                {
                    WriteSection(title + name, text, bare, output);
                }
            }
        }
    }

    private static void WriteSection(string title, IEnumerable<string> lines, bool bare, TextWriter output)
    {
        if (!bare)
        {
            output.WriteLine($"# {title}");
        }

        foreach (var line in lines)
        {
            output.WriteLine(line);
        }

        if (!bare)
        {
            output.WriteLine();
        }
    }

    private static IEnumerable<string>? OfHost(string section, XenMachine machine, BootSession session) => section switch
    {
        "xenstore" => XenstoreLs.Render(machine.Store.Dump()).TrimEnd('\n').Split('\n'),
        "xl-list" => HostReport.XlList(machine, session.Host),
        "states" => HostReport.States(machine),
        "topology" => HostReport.Topology(machine),
        "fingerprint" => [machine.Simulator.Fingerprint.ToString()],
        _ => null,
    };

    private static IEnumerable<(string Title, IEnumerable<string> Lines)> OfGuest(string section, GuestResult guest)
    {
        var report = guest.Report;
        switch (section)
        {
            case "dmesg":
                yield return ("dmesg", report.DmesgLines);
                break;
            case "partitions":
                yield return ("cat /proc/partitions", report.ProcPartitions);
                break;
            case "ethtool":
                foreach (var (nic, lines) in report.Ethtool)
                {
                    yield return ($"ethtool -i {nic}", lines);
                }

                break;
            case "links":
                yield return ("ip link", report.Links);
                break;
            case "unplugged":
                yield return ("unplugged", [report.Unplugged.Count == 0 ? "nothing" : string.Join(", ", report.Unplugged)]);
                break;
            case "verdict":
                yield return ("verdict", guest.VerdictLines);
                break;
        }
    }
}
