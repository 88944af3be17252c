namespace XenActors.Toolstack.Xl;

/// <summary>libxl_domain_type.</summary>
public enum DomainType
{
    Hvm = 1,
    Pv = 2,
    Pvh = 3,
}
