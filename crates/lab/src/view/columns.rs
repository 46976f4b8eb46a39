//! The columns of the diagram: one for each step, and one for each fold. The moment that is shown is never in a fold, and no step
//! that an explanation names.

use crate::model::folding::Fold;
use crate::model::lab::Lab;
use crate::view::why::Grounds;

/// Where each step has its column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The folds, and how many columns those before each save.
    folds: Vec<(Fold, u32)>,
}

impl Columns {
    /// The columns of the run that a lab shows, and of another machine's beside it.
    #[must_use]
    pub fn of(lab: &Lab, grounds: Option<&Grounds>) -> Columns {
        let cursor = lab.player().cursor() as u32;
        let names = |step: u32| grounds.is_some_and(|grounds| grounds.names(step));
        let mut columns = Columns::default();
        for fold in lab.folding().into_iter().flat_map(|folding| folding.closed()) {
            let mut first = fold.first;
            for step in (fold.first..=fold.last).filter(|&step| step == cursor || names(step)) {
                columns.fold(Fold { first, last: step - 1, ..fold });
                first = step + 1;
            }
            columns.fold(Fold { first, ..fold });
        }
        columns
    }

    fn fold(&mut self, fold: Fold) {
        if fold.first <= fold.last {
            let saved = self.folds.last().map_or(0, |(last, saved)| saved + last.last - last.first);
            self.folds.push((fold, saved));
        }
    }

    /// The folds, in their order.
    pub fn folds(&self) -> impl Iterator<Item = Fold> {
        self.folds.iter().map(|fold| fold.0)
    }

    /// The fold with a step.
    #[must_use]
    pub fn hides(&self, step: u32) -> Option<Fold> {
        self.before(step).map(|fold| fold.0).filter(|fold| step <= fold.last)
    }

    /// The last fold that begins at a step or before it.
    fn before(&self, step: u32) -> Option<&(Fold, u32)> {
        self.folds.get(self.folds.partition_point(|(fold, _)| fold.first <= step).checked_sub(1)?)
    }

    /// The column of a step, counted from 1.
    #[must_use]
    pub fn column(&self, step: u32) -> u32 {
        self.before(step).map_or(step, |(fold, saved)| step - saved - (step.min(fold.last) - fold.first))
    }

    /// The steps of a column: the first and the last of them.
    #[must_use]
    pub fn steps(&self, column: u32) -> (u32, u32) {
        let place = self.folds.partition_point(|(fold, saved)| fold.first - saved <= column);
        match place.checked_sub(1).map(|place| self.folds[place]) {
            Some((fold, saved)) if fold.first - saved == column => (fold.first, fold.last),
            Some((fold, saved)) => {
                (column + saved + fold.last - fold.first, column + saved + fold.last - fold.first)
            }
            None => (column, column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Columns;
    use crate::model::folding::Fold;

    #[test]
    fn a_fold_has_one_column_and_every_other_step_its_own() {
        let mut columns = Columns::default();
        for (first, last) in [(3, 5), (6, 6), (9, 12), (14, 13)] {
            columns.fold(Fold { first, last, cpu: 1 });
        }
        let all: Vec<u32> = (0..=14).map(|step| columns.column(step)).collect();
        assert_eq!(all, [0, 1, 2, 3, 3, 3, 4, 5, 6, 7, 7, 7, 7, 8, 9]);
        for step in 1..=14 {
            let (first, last) = columns.steps(columns.column(step));
            assert!((first..=last).contains(&step), "{step}: {first} to {last}");
            let fold = columns.hides(step);
            assert_eq!(fold.map_or((step, step), |fold| (fold.first, fold.last)), (first, last));
        }
        assert_eq!(columns.folds().count(), 3);
        assert_eq!((Columns::default().column(7), Columns::default().steps(7)), (7, (7, 7)));
    }
}
