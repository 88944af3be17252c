using System.Globalization;
using System.Text;
using XenActors.Abi;

namespace XenActors.Tests.Live.Differential;

/// <summary>A message, and how it is shown: <c>|</c> for NUL, long runs of one letter as a count.</summary>
internal sealed record WireText(XsWireType Type, uint ReqId, uint TxId, string Payload)
{
    private const int RunMin = 8;

    public override string ToString() => $"{Type} {Show(Payload)}";

    public static string Show(string payload)
    {
        var text = new StringBuilder();
        for (var i = 0; i < payload.Length;)
        {
            var run = i;
            while (run < payload.Length && payload[run] == payload[i]) run++;
            if (run - i >= RunMin)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Show(payload[i])}{{{run - i}}}");
                i = run;
            }
            else
            {
                text.Append(Show(payload[i++]));
            }
        }

        return text.ToString();
    }

    private static string Show(char c) => c switch
    {
        '\0' => "|",
        < ' ' or > '~' or '|' or '{' => $"\\x{(int)c:x2}",
        _ => c.ToString(),
    };
}
