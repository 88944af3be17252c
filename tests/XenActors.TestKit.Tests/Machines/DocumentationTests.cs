namespace XenActors.Tests.TestKit.Machines;

public sealed class DocumentationTests
{
    [Theory]
    [InlineData("BlkbackTests.cs")]
    [InlineData("SmallSwarmTests.cs")]
    public void The_example_is_a_test_to_the_letter(string name)
    {
        var test = Text(name);
        var example = test[test.IndexOf("public sealed class", StringComparison.Ordinal)..].TrimEnd();
        Assert.Contains($"```csharp\n{example}\n```", Text("README.md"), StringComparison.Ordinal);
    }

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(DocumentationTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
