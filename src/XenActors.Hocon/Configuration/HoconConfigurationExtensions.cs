using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;

namespace XenActors.Hocon;

public static class HoconConfigurationExtensions
{
    /// <summary>Adds a HOCON file. A relative path is taken from the builder's base path, as with the other file formats.</summary>
    public static IConfigurationBuilder AddHoconFile(this IConfigurationBuilder builder, string path, bool optional = false) =>
        builder.AddHoconFile(path, optional, HoconOptions.Default);

    /// <summary>Adds a HOCON file read through <paramref name="options"/>.</summary>
    public static IConfigurationBuilder AddHoconFile(this IConfigurationBuilder builder, string path, bool optional, HoconOptions options)
    {
        // A caller's own resolver has its own names; only real files have a base path.
        var full = options.IncludeResolver is FileIncludeResolver && builder.GetFileProvider() is PhysicalFileProvider files
            ? Path.Combine(files.Root, path)
            : path;
        return builder.Add(new HoconConfigurationSource { Path = full, Optional = optional, Options = options });
    }
}
