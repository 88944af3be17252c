using System.Globalization;
using XenActors.Abi;

namespace XenActors.Tests.Live.Differential;

/// <summary>
/// All that is compared loosely, or not asked at all, each with its reason. Whatever is not here has to be the same: each reply with its
/// header, each watch event, and their order on every connection.
/// </summary>
internal static class KnownDifferences
{
    /// <summary>What may differ in a message, in the daemon's form and in ours, brought to one form.</summary>
    public static WireText Common(Ask? asked, WireText told, ulong generationOffset, bool hasTransactions) => told switch
    {
        // Generations go on counting over a daemon's life: they are compared as counted from the sequence's beginning.
        { Type: XsWireType.DirectoryPart } => told with { Payload = Shifted(told.Payload, generationOffset) },

        // The C daemon looks for the one string of these requests, and when the payload is not one it answers with whatever errno
        // was left over from before. The same for a special name whose permissions cannot be set. See also NeedsErrno.
        { Type: XsWireType.Error } when asked is not null && IsAnsweredWithAnyError(asked) => told with { Payload = "some error\0" },

        // A transaction's copies count with the length of its own number, which depends on the daemon's age.
        { Type: XsWireType.Control } when hasTransactions && told.Payload.StartsWith("Domain ", StringComparison.Ordinal) =>
            told with { Payload = told.Payload[..told.Payload.LastIndexOf("memory", StringComparison.Ordinal)] },
        _ => told,
    };

    /// <summary>What is not asked, because the C daemon's answer is its own misfortune.</summary>
    public static bool CanAsk(Ask ask, Model model) => ask.Type switch
    {
        // The C daemon counts references to the connection of a domain's target: the first RELEASE of a target only takes one away, the
        // second frees the connection under the other domain's feet, and what two hold in turn is never freed. Here each domain gets one
        // target, once, which outlives it.
        XsWireType.SetTarget => Targets(ask.Payload) is not (var domid, var target) || !model.IsIntroduced(domid) || !model.IsIntroduced(target)
            || (domid != 0 && domid != target && !model.HasTarget(domid) && !model.HasTarget(target) && !model.IsTarget(domid)),
        // The C daemon cuts the number to 16 bits where it maps the ring and nowhere else: 65537 would be a second domain on domain 1's ring.
        XsWireType.Introduce => !Domid(ask.Payload, out var introduced) || introduced <= ushort.MaxValue,

        // The C daemon reports its memory to any file; here there is none to report.
        XsWireType.Control => !ask.Payload.StartsWith("memreport\0", StringComparison.Ordinal)
            || ask.Payload is "memreport\0" or "memreport\0/no/such/directory/x\0",

        // When the owner of the root dies, the C daemon removes the root and cannot go on; here all but the root goes.
        XsWireType.SetPerms => !ask.Payload.StartsWith("/\0", StringComparison.Ordinal) || (ask.Payload.Length > 4 && ask.Payload[3..5] == "0\0"),
        XsWireType.Release => !Domid(ask.Payload, out var released) || !model.IsTarget(released),
        _ => true,
    };

    /// <summary>The two domains of a SET_TARGET.</summary>
    public static (uint Domid, uint Target)? Targets(string payload)
    {
        var words = payload.Split('\0');
        return words.Length > 2 && Domid(words[0] + "\0", out var domid) && Domid(words[1] + "\0", out var target) ? (domid, target) : null;
    }

    public static ulong GenerationOf(string directoryPart) =>
        ulong.Parse(directoryPart[..directoryPart.IndexOf('\0', StringComparison.Ordinal)], CultureInfo.InvariantCulture);

    private static string Shifted(string directoryPart, ulong offset)
    {
        var end = directoryPart.IndexOf('\0', StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{unchecked(GenerationOf(directoryPart) - offset)}{directoryPart[end..]}"); // either may be ahead
    }

    /// <summary>
    /// Such an answer with an errno of 0, as a WATCH leaves it behind, is none, and the C daemon stops at its own assertion (conn->in == NULL):
    /// before such a request it is given another errno.
    /// </summary>
    public static bool NeedsErrno(Step step) => step is Ask asked && IsAnsweredWithAnyError(asked);

    private static bool IsAnsweredWithAnyError(Ask asked) => asked.Type switch
    {
        XsWireType.Read or XsWireType.Directory or XsWireType.GetPerms or XsWireType.Mkdir or XsWireType.Rm =>
            asked.Payload.Length == 0 || asked.Payload.IndexOf('\0', StringComparison.Ordinal) != asked.Payload.Length - 1,
        XsWireType.SetPerms => asked.Payload.StartsWith('@'),
        _ => false,
    };

    // As atoi: a long that stops at its end, cut to 32 bits.
    private static bool Domid(string payload, out uint domid)
    {
        var digits = new string([.. payload.TrimStart(' ', '+').TakeWhile(char.IsAsciiDigit)]);
        if (!long.TryParse(digits, CultureInfo.InvariantCulture, out var number) && digits.Length > 0) number = long.MaxValue;
        domid = unchecked((uint)number);
        return payload.Contains('\0', StringComparison.Ordinal);
    }
}
