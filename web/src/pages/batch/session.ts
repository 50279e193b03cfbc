// The parts of session.json that are shown here.
export interface PersonFigures {
  face_id: number;
  index: number | null;
  mean_score: number | null;
  volatility: number | null;
}
export interface SessionFile {
  models: {name: string; version: string}[];
  persons: PersonFigures[];
}

