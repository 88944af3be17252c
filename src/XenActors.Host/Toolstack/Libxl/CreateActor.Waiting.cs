namespace XenActors.Toolstack.Libxl;

// What the process reads in the store, and goes on by.
public sealed partial class CreateActor
{
    private void CheckName()
    {
        if (State.NamePaths.Count == 0)
        {
            var batch = new StoreBatch();
            foreach (var domain in State.Xs.Children("/local/domain"))
            {
                State.NamePaths.Add($"/local/domain/{domain}/name");
                batch.Read(State.NamePaths[^1]);
            }

            if (State.NamePaths.Count > 0)
            {
                Run(batch);
                return;
            }
        }

        foreach (var path in State.NamePaths)
        {
            if (State.Xs.Text(path) == State.Plan!.Spec.Name)
            {
                Fail($"Domain with name \"{State.Plan.Spec.Name}\" already exists.");
                return;
            }
        }

        Completed();
    }

    private void ReadAwaited()
    {
        State.Phase = CreatePhase.Reading;
        State.ReadAgain = false;
        State.Xs.Read(Context, CreateBatches.Awaited(State, State.Current)!.Value.Path);
    }

    private void Judge()
    {
        var (path, wanted) = CreateBatches.Awaited(State, State.Current)!.Value;
        var found = State.Xs.Text(path);
        if (wanted.Length == 0 ? found is { Length: > 0 } : found == wanted)
        {
            Run(new StoreBatch().Unwatch(path, CreateBatches.Token(State, State.Current)));
        }
        else if (State.ReadAgain)
        {
            ReadAwaited();
        }
        else
        {
            State.Phase = CreatePhase.Waiting;
        }
    }
}
