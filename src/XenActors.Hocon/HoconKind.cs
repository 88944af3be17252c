namespace XenActors.Hocon;

public enum HoconKind
{
    Null,
    Boolean,
    Number,
    String,
    List,
    Object,
}
