namespace XenActors.Xenstore;

/// <summary>The hypervisor as the store sees it: which domains exist. Asked at INTRODUCE, at SET_PERMS and by <see cref="XenstoreCore.CheckDomains"/>.</summary>
public interface IDomainLives
{
    /// <summary>The state of a domain; any number may be asked for.</summary>
    DomainLife LifeOf(uint domid);
}
