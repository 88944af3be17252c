using System.Globalization;
using XenActors.Abi;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>A domain's ports as Xen's <c>lsevtchn</c> prints them (<c>tools/xcutils/lsevtchn.c</c>): EVTCHNOP_status, port by port.</summary>
public static class Lsevtchn
{
    public static List<string> Lines(EventChannels channels)
    {
        var lines = new List<string>();
        for (var port = 0u; channels.Status(port, out var status) == XenErrno.None; port++)
        {
            if (status.State != EvtchnState.Closed)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{port,4}: VCPU {status.Vcpu}: {Text(in status)}"));
            }
        }

        return lines;
    }

    private static string Text(in EventPort port) => port.State switch
    {
        EvtchnState.Unbound => Number($"Interdomain (Waiting connection) - Remote Domain {port.Remote}"),
        EvtchnState.Interdomain => Number($"Interdomain (Connected) - Remote Domain {port.Remote}, Port {port.Number}"),
        EvtchnState.Pirq => Number($"Physical IRQ {port.Number}"),
        EvtchnState.Virq => Number($"Virtual IRQ {port.Number}"),
        EvtchnState.Ipi => "IPI",
        _ => "Unknown",
    };

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
