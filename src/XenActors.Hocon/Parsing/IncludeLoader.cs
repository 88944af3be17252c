using System.Text;

namespace XenActors.Hocon;

/// <summary>Finds, reads and parses the files of one document, and sees cycles among them.</summary>
internal sealed class IncludeLoader(IIncludeResolver resolver)
{
    // By the specification HOCON is read last, so that it wins.
    private static readonly string[] Extensions = [".properties", ".json", ".conf"];

    private readonly List<string> open = [];
    private int files;

    public Node ParseText(string text, string source) => Parse(text, source, null, 0);

    public string? Read(string location, HoconOrigin askedAt)
    {
        try
        {
            return resolver.Read(location);
        }
        catch (DecoderFallbackException cause)
        {
            throw new HoconException(HoconOrigin.OfFile(location), "expected UTF-8 but found other bytes", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new HoconException(askedAt, $"expected to read '{location}' but found: {cause.Message}", cause);
        }
    }

    public void Include(IncludeStatement statement, IncludeScope? scope, int nesting, ObjectNode into)
    {
        var found = false;
        foreach (var name in Names(statement.Target))
        {
            string location;
            try
            {
                location = resolver.Locate(open[^1], name);
            }
            catch (ArgumentException cause)
            {
                throw new HoconException(statement.Origin, $"expected a file name but found {HoconJson.Quote(name)}", cause);
            }
            RefuseCycle(statement.Origin, location);
            if (Read(location, statement.Origin) is not { } text)
            {
                continue;
            }
            found = true;
            RefuseFlood(statement.Origin);
            var root = Parse(text, location, scope, nesting);
            into.Absorb(root as ObjectNode ?? throw new HoconException(
                root.Origin, $"expected an object at the root of a file included at {statement.Origin} but found a list"));
        }
        if (statement.Required && !found)
        {
            throw new HoconException(statement.Origin, $"expected the required file {HoconJson.Quote(statement.Target)} but found none");
        }
    }

    private Node Parse(string text, string source, IncludeScope? scope, int nesting)
    {
        open.Add(source);
        Node root = source.EndsWith(".properties", StringComparison.Ordinal)
            ? new PropertiesParser(text, source).Parse()
            : new Parser(text, source, this, scope, nesting).ParseRoot();
        open.RemoveAt(open.Count - 1);
        return root;
    }

    // A name with some other extension is tried as it is, and then as a base name.
    private static IEnumerable<string> Names(string target)
    {
        if (Array.Exists(Extensions, e => target.EndsWith(e, StringComparison.Ordinal)))
        {
            return [target];
        }
        var based = Extensions.Select(extension => target + extension);
        return Path.HasExtension(target) ? based.Prepend(target) : based;
    }

    private void RefuseCycle(HoconOrigin origin, string location)
    {
        var first = open.IndexOf(location);
        if (first >= 0)
        {
            throw new HoconException(
                origin, $"expected no include cycle but found {string.Join(" -> ", open.Skip(first).Append(location))}");
        }
    }

    private void RefuseFlood(HoconOrigin origin)
    {
        if (open.Count > HoconLimits.MaxIncludeDepth)
        {
            throw new HoconException(origin, $"expected at most {HoconLimits.MaxIncludeDepth} files including each other but found more");
        }
        if (++files > HoconLimits.MaxIncludedFiles)
        {
            throw new HoconException(origin, $"expected at most {HoconLimits.MaxIncludedFiles} included files but found more");
        }
    }
}
