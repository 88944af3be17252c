using System.Globalization;
using System.Text;
using XenActors.Experiments.Fio;

namespace XenActors.Experiments.Compare;

/// <summary>A comparison as a picture: bars for each figure, and the distribution of the latency on a logarithmic axis.</summary>
public static class ComparisonSvg
{
    private const int Width = 900;
    private const int Height = 560;
    private const int BarLeft = 230;
    private const int BarWidth = 520;
    private const string EmulatedColour = "#b5651d";
    private const string PvColour = "#1f6fb5";

    public static string Of(DiskComparison run)
    {
        var text = new StringBuilder();
        Line(text, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\">");
        Line(text, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        var title = $"{run.Job.Name}: {run.Job.PatternName}, {run.Job.BlockSizeMin} B, depth {run.Job.IoDepth}, on {run.Host.Name}";
        Text(text, 20, 28, title, "font-size=\"17\"");
        Key(text, 20, "emulated", run.Emulated.Device, EmulatedColour);
        Key(text, 220, "PV", run.Pv.Device, PvColour);
        var y = 80;
        foreach (var (name, value) in new (string, Func<DiskPathResult, double>)[]
        {
            ("IOPS", p => p.Iops),
            ("MiB/s", p => p.Bandwidth / (1 << 20)),
            ("exits per I/O", p => p.Per(p.Activity.AllExits)),
            ("hypercalls per I/O", p => p.Per(p.Activity.AllHypercalls)),
            ("dom0 CPU per I/O (us)", p => p.Per(p.Activity.Dom0Cpu.Nanoseconds / 1000.0)),
            ("guest CPU per I/O (us)", p => p.Per(p.Activity.GuestCpu.Nanoseconds / 1000.0)),
        })
        {
            Bars(text, y, name, value(run.Emulated), value(run.Pv));
            y += 44;
        }

        Curve(text, run, y + 16);
        text.Append("</svg>\n");
        return text.ToString();
    }

    private static void Key(StringBuilder text, int x, string name, string device, string colour)
    {
        Line(text, $"<rect x=\"{x}\" y=\"44\" width=\"14\" height=\"14\" fill=\"{colour}\"/>");
        Text(text, x + 20, 56, $"{name} ({device})", "");
    }

    private static void Bars(StringBuilder text, int y, string name, double emulated, double pv)
    {
        var most = Math.Max(Math.Max(emulated, pv), 1e-9);
        Text(text, BarLeft - 10, y + 20, name, "text-anchor=\"end\"");
        foreach (var (value, colour, at) in new[] { (emulated, EmulatedColour, y), (pv, PvColour, y + 17) })
        {
            var width = Math.Max(1, value / most * BarWidth);
            Line(text, $"<rect x=\"{BarLeft}\" y=\"{at}\" width=\"{width:0.#}\" height=\"15\" fill=\"{colour}\"/>");
            Text(text, BarLeft + (int)width + 6, at + 12, value.ToString(value >= 100 ? "0" : "0.##", CultureInfo.InvariantCulture), "font-size=\"12\"");
        }
    }

    // How many percent of the transfers have ended after so long.
    private static void Curve(StringBuilder text, DiskComparison run, int top)
    {
        const int height = 150;
        var (low, high) = (double.MaxValue, 0.0);
        foreach (var path in new[] { run.Emulated, run.Pv })
        {
            (low, high) = (Math.Min(low, path.Latency.Min), Math.Max(high, path.Latency.Max));
        }

        (low, high) = (Math.Floor(Math.Log10(Math.Max(1, low))), Math.Ceiling(Math.Log10(Math.Max(10, high))));
        double X(double ns) => BarLeft + ((Math.Log10(Math.Max(1, ns)) - low) / Math.Max(1, high - low) * BarWidth);
        Text(text, BarLeft - 10, top + 20, "latency: share ended", "text-anchor=\"end\"");
        Line(text, $"<rect x=\"{BarLeft}\" y=\"{top}\" width=\"{BarWidth}\" height=\"{height}\" fill=\"none\" stroke=\"#999\"/>");
        for (var decade = low; decade <= high; decade++)
        {
            var us = Math.Pow(10, decade - 3);
            Line(text, $"<line x1=\"{X(Math.Pow(10, decade)):0.#}\" y1=\"{top}\" x2=\"{X(Math.Pow(10, decade)):0.#}\" y2=\"{top + height}\" stroke=\"#ddd\"/>");
            Text(text, (int)X(Math.Pow(10, decade)), top + height + 16, string.Create(CultureInfo.InvariantCulture, $"{us:0.###} us"), "text-anchor=\"middle\" font-size=\"11\"");
        }

        foreach (var (path, colour) in new[] { (run.Emulated, EmulatedColour), (run.Pv, PvColour) })
        {
            var points = new StringBuilder();
            for (var percent = 0.0; percent <= 100; percent += 0.5)
            {
                points.Append(CultureInfo.InvariantCulture, $"{X(percent == 0 ? path.Latency.Min : path.Latency.Percentile(percent)):0.#},{top + height - (percent / 100 * height):0.#} ");
            }

            Line(text, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{points.ToString().TrimEnd()}\"/>");
        }
    }

    private static void Text(StringBuilder text, int x, int y, string words, string attributes) =>
        Line(text, $"<text x=\"{x}\" y=\"{y}\" {attributes}>{System.Security.SecurityElement.Escape(words)}</text>");

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
