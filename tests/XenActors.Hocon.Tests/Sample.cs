namespace XenActors.Hocon.Tests;

/// <summary>Shortcuts: text in, compact JSON or error message out; further files come from memory.</summary>
internal static class Sample
{
    public static HoconOptions Files(params (string Name, string Text)[] files) =>
        new() { IncludeResolver = new MemoryIncludeResolver(files.ToDictionary(f => f.Name, f => f.Text)) };

    public static string Json(string text, params (string Name, string Text)[] files) =>
        HoconDocument.Parse(text, "t.conf", Files(files)).ResolveValue().ToJson();

    public static string Error(string text, params (string Name, string Text)[] files) =>
        Assert.Throws<HoconException>(() => Json(text, files)).Message;

    public static HoconObject Config(string text) => HoconConfig.Parse(text, "t.conf");
}
