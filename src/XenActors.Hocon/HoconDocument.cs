namespace XenActors.Hocon;

/// <summary>A parsed document with its includes, whose substitutions are still open, so that documents can be layered first.</summary>
public sealed class HoconDocument
{
    private readonly Node root;
    private readonly HoconOptions options;

    private HoconDocument(Node root, HoconOptions options)
    {
        this.root = root;
        this.options = options;
    }

    /// <param name="text">The document.</param>
    /// <param name="source">Its name: stands in errors, decides the format, and relative includes start from it.</param>
    /// <param name="options">What the document may reach for.</param>
    public static HoconDocument Parse(string text, string source = "text", HoconOptions? options = null)
    {
        options ??= HoconOptions.Default;
        return new HoconDocument(new IncludeLoader(options.IncludeResolver).ParseText(text, source), options);
    }

    public static HoconDocument Load(string path, HoconOptions? options = null) =>
        TryLoad(path, options)
        ?? throw new HoconException(HoconOrigin.OfFile(path), "expected a configuration file but found none");

    /// <summary>The document, or null when there is no such file. A file that cannot be read is an error all the same.</summary>
    public static HoconDocument? TryLoad(string path, HoconOptions? options = null)
    {
        options ??= HoconOptions.Default;
        var loader = new IncludeLoader(options.IncludeResolver);
        return loader.Read(path, HoconOrigin.OfFile(path)) is { } text ? new HoconDocument(loader.ParseText(text, path), options) : null;
    }

    /// <summary>This document over <paramref name="fallback"/>; substitutions of both see the merged whole.</summary>
    public HoconDocument WithFallback(HoconDocument fallback) =>
        root is ObjectNode upper && fallback.root is ObjectNode lower
            ? new HoconDocument(ObjectNode.Merge(upper, lower), options)
            : this;

    /// <summary>Resolves a document whose root is an object.</summary>
    public HoconObject Resolve() => ResolveValue() is HoconObject result
        ? result
        : throw new HoconException(root.Origin, "expected an object at the root but found a list");

    /// <summary>Resolves a document whose root is an object or a list.</summary>
    public HoconValue ResolveValue() => new Resolver(root, options.EnvironmentFallback).Resolve();
}
