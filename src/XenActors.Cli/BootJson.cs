using XenActors.Experiments.Boot;
using XenActors.Machine;

namespace XenActors.Cli;

internal static class BootJson
{
    public static void Write(XenMachine machine, BootSession session, TextWriter output) => output.WriteLine("{}");
}
