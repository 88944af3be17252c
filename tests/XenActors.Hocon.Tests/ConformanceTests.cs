using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit.Abstractions;

namespace XenActors.Hocon.Tests;

/// <summary>The reference implementation's own cases. They lie beside the repository, so their absence is no failure.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_spelling_resolves_to_the_original()
    {
        var data = FindData();
        if (data is null)
        {
            output.WriteLine("shared/hocon-conformance was not found beside the repository: nothing was compared");
            return;
        }
        var compared = 0;
        foreach (var original in Directory.EnumerateFiles(data, "original.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var expected = JsonDocument.Parse(File.ReadAllText(original));
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(original)!).Order(StringComparer.Ordinal))
            {
                AssertSame(expected.RootElement, HoconDocument.Load(file).ResolveValue(), file);
                compared++;
            }
        }
        output.WriteLine($"{compared} files compared");
        Assert.True(compared > 10, $"only {compared} files were found in {data}");
    }

    // The build's output may lie anywhere, so the place of this source file is asked as well.
    private static string? FindData([CallerFilePath] string sourceFile = "")
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory(), Path.GetDirectoryName(sourceFile) })
        {
            for (var at = string.IsNullOrEmpty(start) ? null : new DirectoryInfo(start); at is not null; at = at.Parent)
            {
                var isRoot = new[] { "XenActors.sln", "global.json" }.Any(name => File.Exists(Path.Combine(at.FullName, name)));
                var data = Path.Combine(at.FullName, "..", "shared", "hocon-conformance");
                if (isRoot && Directory.Exists(data))
                {
                    return Path.GetFullPath(data);
                }
            }
        }
        return null;
    }

    private static void AssertSame(JsonElement expected, HoconValue actual, string at)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = Assert.IsType<HoconObject>(actual);
                Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(), fields.Keys.Order());
                foreach (var property in expected.EnumerateObject())
                {
                    Assert.True(fields.TryGetField(property.Name, out var field));
                    AssertSame(property.Value, field, $"{at} {property.Name}");
                }
                break;
            case JsonValueKind.Array:
                var items = Assert.IsType<HoconList>(actual);
                Assert.Equal(expected.GetArrayLength(), items.Count);
                for (var i = 0; i < items.Count; i++)
                {
                    AssertSame(expected[i], items[i], $"{at} [{i}]");
                }
                break;
            case JsonValueKind.Number:
                Assert.True(actual.Kind == HoconKind.Number, at);
                Assert.Equal(expected.GetDouble(), double.Parse(actual.AsString(), CultureInfo.InvariantCulture));
                break;
            case JsonValueKind.String:
                Assert.True(actual.Kind == HoconKind.String && actual.AsString() == expected.GetString(), $"{at}: {actual}");
                break;
            default:
                Assert.Equal(expected.GetRawText(), actual.ToJson());
                break;
        }
    }
}
