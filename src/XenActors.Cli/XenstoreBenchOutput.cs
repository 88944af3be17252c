using System.Globalization;
using System.Text.Json;
using XenActors.Live.Xenstore.Bench;

namespace XenActors.Cli;

/// <summary>What <c>xenactors bench xenstore</c> prints: a table as it grows, or one JSON document.</summary>
internal static class XenstoreBenchOutput
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Head(IReadOnlyList<string> sockets, TextWriter output)
    {
        if (sockets.Count == 1)
        {
            output.WriteLine("| load | per second | daemon's CPU, us each |\n|---|---|---|");
            return;
        }

        output.WriteLine($"first: {sockets[0]}; second: {sockets[1]}\n");
        output.WriteLine("| load | first, per second | CPU, us each | second, per second | CPU, us each | ratio |\n|---|---|---|---|---|---|");
    }

    public static void Row(BenchRow row, TextWriter output)
    {
        var daemons = string.Concat(row.Daemons.Select(d => string.Create(CultureInfo.InvariantCulture, $" {Rate(d.PerSecond)} {row.Unit} | {d.CpuMicroseconds?.ToString("0.0", CultureInfo.InvariantCulture) ?? "not visible"} |")));
        var ratio = row.Daemons.Count == 1 ? "" : row.Ratio is { } r ? string.Create(CultureInfo.InvariantCulture, $" {r:0.00} |") : " - |";
        output.WriteLine($"| {row.Name} |{daemons}{ratio}");
    }

    public static void Memory(IReadOnlyList<BenchMemory> memory, TextWriter output)
    {
        if (memory.Count == 0) return;
        output.WriteLine($"\n| nodes | resident MiB{(memory[0].Bytes.Count == 1 ? "" : ", first | second")} |\n|---|{string.Concat(memory[0].Bytes.Select(_ => "---|"))}");
        foreach (var at in memory)
        {
            var bytes = at.Bytes.Select(b => b is { } known ? string.Create(CultureInfo.InvariantCulture, $" {known / 1048576.0:0.0} |") : " not visible |");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {at.Nodes} |{string.Concat(bytes)}"));
        }
    }

    public static void Json(XenstoreBenchOptions options, BenchReport report, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteStartArray("sockets");
        foreach (var socket in options.Sockets) json.WriteStringValue(socket);
        json.WriteEndArray();
        json.WriteNumber("seconds_per_load", options.PerLoad.TotalSeconds);
        json.WriteNumber("rounds", options.Rounds);
        json.WriteStartArray("loads");
        foreach (var row in report.Loads) Load(json, row);
        json.WriteEndArray();
        json.WriteStartArray("memory");
        foreach (var at in report.Memory)
        {
            json.WriteStartObject();
            json.WriteNumber("nodes", at.Nodes);
            json.WriteStartArray("resident_bytes");
            foreach (var bytes in at.Bytes) Number(json, bytes);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Load(Utf8JsonWriter json, BenchRow row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteString("unit", row.Unit);
        json.WriteStartArray("daemons");
        foreach (var daemon in row.Daemons)
        {
            json.WriteStartObject();
            json.WriteNumber("per_second", Math.Round(daemon.PerSecond, 3));
            json.WritePropertyName("cpu_us_each");
            Number(json, daemon.CpuMicroseconds is { } cpu ? Math.Round(cpu, 3) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (row.Daemons.Count > 1)
        {
            json.WritePropertyName("ratio");
            Number(json, row.Ratio is { } ratio ? Math.Round(ratio, 3) : null);
        }

        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, double? number)
    {
        if (number is { } known) json.WriteNumberValue(known);
        else json.WriteNullValue();
    }

    // Boots are few.
    private static string Rate(double rate) => rate.ToString(rate < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
