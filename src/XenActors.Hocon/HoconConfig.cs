namespace XenActors.Hocon;

/// <summary>The short way: text or file in, resolved object out.</summary>
public static class HoconConfig
{
    public static HoconObject Parse(string text, string source = "text", HoconOptions? options = null) =>
        HoconDocument.Parse(text, source, options).Resolve();

    public static HoconObject Load(string path, HoconOptions? options = null) => HoconDocument.Load(path, options).Resolve();
}
