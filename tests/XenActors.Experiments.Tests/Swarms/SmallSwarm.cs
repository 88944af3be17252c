using System.Text.Json.Nodes;
using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Swarms;
using XenActors.Hocon;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Swarms;

/// <summary>Ranges of a swarm whose runs are short, and whose faults hurt nobody for long.</summary>
internal static class SmallSwarm
{
    public const string Text = """
        host = generic-xen-4.17
        domains {
          count = [1, 1, 2], kernel = debian12-6.1, vcpus = [1, 2], disks = [1, 2], disk-prefix = [xvd, hd], backend = [phy, file], volume-size = 34 MiB
          nics = [0, 1], cmdline = [null, "root=/dev/xvda1 console=hvc0 \"quoted\""]
        }
        workloads {
          count { from = 1, to = 2 }, kind { weights { fio = 1, store = 1 } }
          fio { rw = randrw, bs = [512, 4k], iodepth = [1, 4], size = 64k, direct = [true, false] }
          store { operations { from = 5, to = 20 }, interval { from = 100us, to = 2ms, log = true } }
        }
        faults {
          count { from = 0, to = 3 }, kinds = ["event-*", xenstore-delay, disk-slow]
          at { from = 2s, to = 8s }, lasts { from = 1s, to = 5s }
          messages = [RequestsPublished], nth { from = 1, to = 20, log = true }
          parameters { delay { from = 10us, to = 5ms, log = true }, probability = [1, 0.5] }
        }
        end { at = 400s, settle = 1s }
        """;

    public static string Profiles { get; } = Path.Combine(AppContext.BaseDirectory, "hocon");

    public static JsonObject Draw(ulong seed) => ScenarioDraw.Of(HoconConfig.Parse(Text, "small.conf"), seed);

    public static ScenarioOutcome Run(JsonObject document, EngineOptions? engine = null, bool stopAtFirst = false)
    {
        var scenario = ScenarioFile.Parse(ScenarioDocument.Write(document), "t.conf", AppContext.BaseDirectory, Profiles);
        return ScenarioRun.Prepare(scenario, scenario.Seed, engine ?? EngineOptions.Sequential, Profiles, stopAtFirst).ToTheEnd(null, CancellationToken.None);
    }
}
