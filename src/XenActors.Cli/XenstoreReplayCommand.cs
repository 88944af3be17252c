using System.CommandLine;
using System.Globalization;
using System.Text;
using XenActors.Experiments;
using XenActors.Xenstore.Traces;

namespace XenActors.Cli;

/// <summary><c>xenactors xenstore replay</c>: a real daemon's trace against our store.</summary>
internal static class XenstoreReplayCommand
{
    private const int FileMax = 1 << 30;

    public static Command Create()
    {
        var log = new Argument<string>("LOG") { Description = "What xenstored -T wrote." };
        Options.RefuseUnknown(log);
        var initial = Options.File("--initial", "The store before the trace began, as xenstore-ls -fp / lists it; by default what the trace tells of it.");
        var command = new Command("replay", "Give the requests of a real daemon's trace to a fresh store, and tell the first reply or event that differs.") { log, initial };
        command.SetLongAction((result, cancel) => Run(result.GetValue(log)!, result.GetValue(initial)?.ToString(), cancel));
        return command;
    }

    private static int Run(string log, string? initial, CancellationToken cancel)
    {
        var beginning = initial is null ? null : Located(initial, TraceBeginning.FromListing);
        var outcome = TraceReplay.Run(Located(log, TraceParser.Parse), beginning, cancel);
        if (outcome.Difference is not { } difference)
        {
            var older = outcome.OlderEvents == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {outcome.OlderEvents} events of watches older than the trace were not compared");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{log}: no difference in {outcome.Replies} replies and {outcome.Events} events{older}"));
            return 0;
        }

        Console.WriteLine(Errors.Escape(string.Create(CultureInfo.InvariantCulture, $"{log}:{difference.Line}: differs after {outcome.Replies} replies and {outcome.Events} events that agree")));
        if (difference.Request is { } request) Console.WriteLine(Errors.Escape(string.Create(CultureInfo.InvariantCulture, $"  request  {request.Message} in line {request.Line}")));
        Console.WriteLine(Errors.Escape($"  expected {difference.Expected}"));
        Console.WriteLine(Errors.Escape($"  found    {difference.Found}"));
        return 1;
    }

    private static T Located<T>(string file, Func<string, T> parse)
    {
        try
        {
            var length = new FileInfo(file).Length;
            if (length > FileMax) throw new UserErrorException($"{file}: too large: more than {FileMax >> 20} MiB");
            return parse(Encoding.Latin1.GetString(File.ReadAllBytes(file)));
        }
        catch (TraceSyntaxException mistake)
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"{file}:{mistake.Line}:{mistake.Column}: {mistake.Message}"), mistake);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"{file}: no such file", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"{file}: cannot be read: {cause.Message}", cause);
        }
    }
}
