//! What the service answers, checked before anything is computed with it.

use serde::Deserialize;

use super::Vector;

#[derive(Deserialize)]
struct EmbeddingsResponse {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    index: usize,
    embedding: Vec<f64>,
}

/// The vectors of `texts` texts in their order, each of length 1; or what is wrong. No word of the answer is repeated.
pub(super) fn read(bytes: &[u8], texts: usize, numbers_max: usize) -> Result<Vec<Vector>, &'static str> {
    let EmbeddingsResponse { data } =
        serde_json::from_slice(bytes).map_err(|_| "it is not the JSON of the interface")?;
    if data.len() != texts {
        return Err("not as many vectors as texts");
    }
    let numbers = data.first().map_or(0, |item| item.embedding.len());
    if data.iter().any(|item| item.embedding.len() != numbers) {
        return Err("vectors of different lengths");
    }
    if numbers > numbers_max {
        return Err("vectors of too many numbers");
    }
    let mut vectors: Vec<Option<Vector>> = vec![None; texts];
    for Item { index, embedding } in data {
        let length = embedding.iter().map(|number| number * number).sum::<f64>().sqrt();
        if !length.is_finite() || length <= f64::EPSILON {
            return Err("a vector without a direction");
        }
        let place = vectors.get_mut(index).filter(|place| place.is_none());
        let place = place.ok_or("an index twice, or out of range")?;
        *place = Some(embedding.into_iter().map(|number| (number / length) as f32).collect());
    }
    vectors.into_iter().collect::<Option<_>>().ok_or("an index is missing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_in_the_order_of_the_texts_and_have_length_one() {
        let json = br#"{"object":"list","data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,4]}],"usage":{}}"#;
        assert_eq!(read(json, 2, 9), Ok(vec![vec![0.6, 0.8], vec![0.0, 1.0]]));
    }

    #[test]
    fn whatever_else_comes_is_refused() {
        for (json, texts) in [
            ("", 1),
            ("<html>", 1),
            ("[]", 0),
            (r#"{"data":[]}"#, 1),
            (r#"{"data":[{"index":0,"embedding":[]}]}"#, 1),
            (r#"{"data":[{"index":0,"embedding":[0,0]}]}"#, 1),
            (r#"{"data":[{"index":0,"embedding":[1e300,1e300]}]}"#, 1),
            (r#"{"data":[{"index":0,"embedding":["x"]}]}"#, 1),
            (r#"{"data":[{"index":0,"embedding":[null]}]}"#, 1),
            (r#"{"data":[{"index":1,"embedding":[1]}]}"#, 1),
            (r#"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#, 2),
            (r#"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}"#, 2),
            (r#"{"data":[{"index":0,"embedding":[1,2,3,4,5]}]}"#, 1),
        ] {
            assert!(read(json.as_bytes(), texts, 4).is_err(), "{json}");
        }
    }
}
