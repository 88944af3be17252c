using Microsoft.Extensions.Configuration;

namespace XenActors.Hocon.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void Objects_and_lists_become_colon_keys()
    {
        var configuration = Build("disk { size = 30 GiB, \"odd.key\" = yes }, ports = [80, { name = x }], none = null, e = {}, l = []");

        Assert.Equal("30 GiB", configuration["disk:size"]);
        Assert.Equal("yes", configuration["Disk:Odd.Key"]);
        Assert.Equal("80", configuration["ports:0"]);
        Assert.Equal("x", configuration["ports:1:name"]);
        Assert.Null(configuration["none"]);
        Assert.Equal("", configuration["l"]);
        Assert.Equal(["disk", "e", "l", "none", "ports"], configuration.GetChildren().Select(c => c.Key).Order());
    }

    [Fact]
    public void A_bound_list_keeps_its_order()
    {
        var configuration = Build("names = [a, b, c, d, e, f, g, h, i, j, k, l]");

        Assert.Equal("abcdefghijkl", string.Concat(configuration.GetSection("names").Get<string[]>()!));
    }

    [Fact]
    public void A_missing_file_is_an_error_unless_optional()
    {
        var error = Assert.Throws<HoconException>(() => new ConfigurationBuilder().AddHoconFile("/no/such.conf").Build());

        Assert.Equal("/no/such.conf: expected a configuration file but found none", error.Message);
        Assert.Empty(new ConfigurationBuilder().AddHoconFile("/no/such.conf", optional: true).Build().AsEnumerable());
    }

    [Fact]
    public void Keys_that_differ_only_in_case_are_refused()
    {
        var error = Assert.Throws<HoconException>(() => Build("name = 1\nName = 2"));

        Assert.Equal("m.conf:2:8: expected keys that differ in more than case but found 'Name' again", error.Message);
    }

    [Fact]
    public void A_relative_path_starts_at_the_base_path()
    {
        var folder = Directory.CreateTempSubdirectory("hocon");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "app.conf"), "a.b = 1, a.c = ${a.b}2");

            var configuration = new ConfigurationBuilder().SetBasePath(folder.FullName).AddHoconFile("app.conf").Build();

            Assert.Equal("12", configuration["a:c"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IConfigurationRoot Build(string text) =>
        new ConfigurationBuilder().AddHoconFile("m.conf", optional: false, Sample.Files(("m.conf", text))).Build();
}
