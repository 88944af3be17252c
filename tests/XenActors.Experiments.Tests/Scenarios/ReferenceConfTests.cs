using System.Text.RegularExpressions;
using XenActors.Experiments;
using XenActors.Experiments.Fio;
using XenActors.Experiments.Scenarios;
using XenActors.Hocon;

namespace XenActors.Tests.Experiments.Scenarios;

/// <summary>Every setting stands in <c>reference.conf</c>, and every setting there is one.</summary>
public sealed class ReferenceConfTests
{
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");
    private static readonly HoconObject Reference = HoconConfig.Load(Path.Combine(Profiles, ScenarioFile.ReferenceName)).GetObject("scenario");

    // A scenario with one section of the kind; %s is where its settings stand.
    private static readonly (string Section, string Text)[] Sections =
    [
        ("", "%s"),
        ("network", "network { %s }"),
        ("end", "end { %s }"),
        ("domain", "domains { web { %s } }"),
        ("volume", "volumes { x { %s } }"),
        ("workload.fio", "workloads { w { kind = fio, %s } }"),
        ("workload.store", "workloads { w { kind = store, %s } }"),
        ("workload.net", "workloads { w { kind = net, peer = web, %s } }"),
    ];

    public static TheoryData<string, string> Settings
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var (section, _) in Sections)
            {
                // A receiver has no default.
                foreach (var key in KeysOf(section).Where(k => k != "peer"))
                {
                    all.Add(section, key);
                }
            }

            return all;
        }
    }

    public static TheoryData<string> Listed => [.. Sections.Select(s => s.Section).Where(s => s is not ("domain" or "workload.fio"))];

    [Theory]
    [MemberData(nameof(Settings))]
    public void What_stands_there_is_known(string section, string key)
    {
        var value = Of(section).Get(key);
        if (!value.IsNull)
        {
            Parse(section, $"{key} = {HoconJson.Render(value)}");
        }
        else
        {
            Parse(section, $"{key} = null");
        }
    }

    // What is made of names of its own, and what has no default.
    [Theory]
    [MemberData(nameof(Listed))]
    public void What_is_known_stands_there(string section)
    {
        var mistake = Assert.Throws<UserErrorException>(() => Parse(section, "no-such-setting = 1"));
        var known = Regex.Match(mistake.Message, "known here: (.*)$").Groups[1].Value.Split(", ");
        string[] others = section.Length == 0 ? ["hosts", "network", "domains", "volumes", "workloads", "commands", "faults", "end"] : ["kind"];
        Assert.Equal(known.Except(others).Order(StringComparer.Ordinal), KeysOf(section).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_of_fio_stands_there()
    {
        // Other words for rw, bs and domain.
        string[] same = ["readwrite", "blocksize", "guest"];
        Assert.Equal(
            FioJobFile.Settings.Except(same).Concat(["domain", "delay"]).Order(StringComparer.Ordinal), KeysOf("workload.fio").Order(StringComparer.Ordinal));
    }

    private static HoconObject Of(string section) => section.Length == 0 ? Reference : Reference.GetObject(section);

    private static IEnumerable<string> KeysOf(string section) =>
        Of(section).Keys.Where(k => section.Length > 0 || k is not ("network" or "domain" or "volume" or "workload" or "end"));

    private static void Parse(string section, string setting) =>
        ScenarioFile.Parse(Sections.Single(s => s.Section == section).Text.Replace("%s", setting, StringComparison.Ordinal), "s.conf", Profiles, Profiles);
}
