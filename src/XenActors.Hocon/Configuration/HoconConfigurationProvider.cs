using Microsoft.Extensions.Configuration;

namespace XenActors.Hocon;

/// <summary>Flattens a resolved document to keys joined with <c>:</c>; list elements have their index as key.</summary>
public sealed class HoconConfigurationProvider(HoconConfigurationSource source) : ConfigurationProvider
{
    public override void Load()
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var document = source.Optional
            ? HoconDocument.TryLoad(source.Path, source.Options)
            : HoconDocument.Load(source.Path, source.Options);
        if (document is not null)
        {
            foreach (var (key, value) in document.Resolve().Fields)
            {
                Flatten(data, key, value);
            }
        }
        Data = data;
    }

    private static void Flatten(Dictionary<string, string?> data, string path, HoconValue value)
    {
        switch (value)
        {
            case HoconObject { Count: > 0 } at:
                foreach (var (key, field) in at.Fields)
                {
                    Flatten(data, ConfigurationPath.Combine(path, key), field);
                }
                break;
            case HoconList { Count: > 0 } list:
                for (var i = 0; i < list.Count; i++)
                {
                    Flatten(data, ConfigurationPath.Combine(path, i.ToString(System.Globalization.CultureInfo.InvariantCulture)), list[i]);
                }
                break;
            default:
                var text = value is HoconScalar { IsNull: false } scalar ? scalar.Text : null;
                // Configuration keys ignore case, HOCON's do not: two of them must not silently become one.
                if (!data.TryAdd(path, value is HoconList ? "" : text))
                {
                    throw new HoconException(value.Origin, $"expected keys that differ in more than case but found '{path}' again");
                }
                break;
        }
    }
}
