using System.Text.Json;
using XenActors.Experiments.Boot;
using XenActors.Machine;

namespace XenActors.Cli;

/// <summary>The outcome of a boot as one JSON document.</summary>
internal static class BootJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Write(XenMachine machine, BootSession session, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteNumber("seed", session.Options.Seed);
        json.WriteString("kernel", session.Kernel.Name);
        json.WriteString("host", session.Host.Name);
        json.WriteNumber("virtual_seconds", machine.Simulator.LastEventTime.Nanoseconds / 1e9);
        json.WriteNumber("messages", machine.Simulator.EventsHandled);
        json.WriteString("fingerprint", machine.Simulator.Fingerprint.ToString());
        Lines(json, "xl_list", HostReport.XlList(machine, session.Host));
        Lines(json, "states", HostReport.States(machine));
        json.WriteStartArray("volumes");
        foreach (var volume in session.Volumes.Reports)
        {
            json.WriteStartObject();
            json.WriteString("path", volume.Path);
            json.WriteNumber("bytes", volume.Bytes);
            json.WriteBoolean("made", volume.Made);
            json.WriteBoolean("read_only", volume.ReadOnly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("guests");
        foreach (var guest in GuestResult.Of(machine, session))
        {
            WriteGuest(json, guest);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteGuest(Utf8JsonWriter json, GuestResult guest)
    {
        json.WriteStartObject();
        json.WriteString("name", guest.Name);
        json.WriteNumber("domid", guest.Domain);
        json.WriteBoolean("booted", guest.Report.Outcome is { Ok: true });
        json.WriteString("outcome", guest.Report.Outcome?.Reason);
        json.WriteStartObject("verdict");
        json.WriteBoolean("pv_disk", guest.Verdict.Disk);
        json.WriteString("disk_reason", guest.Verdict.DiskReason);
        json.WriteBoolean("pv_net", guest.Verdict.Net);
        json.WriteString("net_reason", guest.Verdict.NetReason);
        Lines(json, "hazards", guest.Verdict.Hazards);
        json.WriteEndObject();
        Lines(json, "unplugged", guest.Report.Unplugged);
        Lines(json, "dmesg", guest.Report.DmesgLines);
        Lines(json, "partitions", guest.Report.ProcPartitions);
        Lines(json, "links", guest.Report.Links);
        json.WriteStartObject("ethtool");
        foreach (var (nic, lines) in guest.Report.Ethtool)
        {
            Lines(json, nic, lines);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Lines(Utf8JsonWriter json, string name, IEnumerable<string> lines)
    {
        json.WriteStartArray(name);
        foreach (var line in lines)
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
    }
}
